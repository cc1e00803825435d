/** What can be done about a cause here and now. Pure: only what the studio then does is offered.
 *
 * What it accepts depends on where the bytes are. The table is `accepted.json`, and a test asks a
 * real studio for each line of it.
 */
import type { Asset } from "../api/shapes";
import accepted from "./accepted.json";
import type { Cause } from "./diagnose";

/** What would help, whatever the studio says to it. */
export type Wish =
  /** Load it anew, from wherever it now comes. */
  | "again"
  /** Through the studio's own address, instead of from the media host. */
  | "relay"
  /** Have its bytes brought here from where they are. */
  | "bring"
  | "relink"
  | "look"
  /** Have a copy made that this browser plays. */
  | "copy";

/** What is offered: bringing has another name for each place where the bytes are. */
export type Remedy = Exclude<Wish, "bring"> | "download" | "retry" | "ask";

/** Where the bytes are, as far as it decides what the studio accepts. */
export type Place =
  | "saved"
  /** Saved, and the file is not what was saved. */
  | "damaged"
  | "spooled"
  | "in_memory"
  | "url_only"
  | "expired"
  | "missing";

const BRINGING: Partial<Record<Place, Remedy>> = {
  damaged: "download",
  missing: "download",
  url_only: "download",
  expired: "ask",
  spooled: "retry",
  in_memory: "retry",
};
/** What is asked of the studio; the others the page does by itself. */
const TABLE: Partial<Record<Remedy, readonly string[]>> = accepted;

export function remediesOf(wishes: readonly Wish[], asset: Asset, cause: Cause): Remedy[] {
  const place = placeOf(asset, cause);
  const named = wishes.map((wish) => (wish === "bring" ? BRINGING[place] : wish));
  return named.filter(
    (name): name is Remedy => name !== undefined && isAccepted(name, place, asset),
  );
}

export function placeOf({ media }: Asset, cause: Cause): Place {
  if (media.state === "unsaved") return media.held === "spool" ? "spooled" : "in_memory";
  return media.state === "saved" && cause.name === "damaged" ? "damaged" : media.state;
}

/** A download needs an address, and a picture needs no copy. */
function isAccepted(name: Remedy, place: Place, { kind, media }: Asset): boolean {
  if (TABLE[name]?.includes(place) === false) return false;
  if (name === "download") return media.url !== null;
  return name !== "copy" || kind !== "image";
}

const SAID: Record<Remedy, string> = {
  again: "try again",
  relay: "play it through the studio",
  download: "download it",
  retry: "have it saved once more",
  ask: "ask the provider once more",
  relink: "relink a file that you have",
  look: "look again",
  copy: "have a copy made that it plays",
};

/** One sentence that names what is offered, and nothing else; empty where nothing is. */
export function inWords(remedies: readonly Remedy[]): string {
  const said = remedies.map((one) => SAID[one]);
  const last = said.pop();
  if (last === undefined) return "";
  const text = said.length > 0 ? `${said.join(", ")}, or ${last}` : last;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
