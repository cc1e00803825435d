/** Every cause in every place where the bytes can be: what is offered is what the studio accepts.
 *
 * What it accepts stands in `accepted.json`, and `tests/integration/test_remedies.py` asks it.
 */
import { expect, test } from "vitest";
import type { Asset } from "../api/shapes";
import { asset } from "../cards/examples";
import accepted from "./accepted.json";
import { CERTAIN, told } from "./causes";
import type { Cause, Certain, Possible } from "./diagnose";
import { type Place, placeOf } from "./remedies";

const FACTS = { host: "media.test", status: null, codec: "hevc", problem: null };
const UNCLEAR: readonly (readonly Possible[])[] = [
  ["damaged", "codec"],
  ["damaged", "decoder"],
  ["codec", "sound_only"],
  ["passing", "stopped"],
];
const CAUSES: readonly Cause[] = [
  ...CERTAIN.map((name): Cause => ({ name, ...FACTS })),
  ...UNCLEAR.map((either): Cause => ({ name: "unclear", either, ...FACTS })),
];

const MEDIA: Record<Exclude<Place, "damaged">, Partial<Asset["media"]>> = {
  saved: { state: "saved" },
  spooled: { state: "unsaved", held: "spool" },
  in_memory: { state: "unsaved", held: "memory" },
  url_only: { state: "url_only" },
  expired: { state: "expired" },
  missing: { state: "missing" },
};
const URL_THERE = "https://media.test/clip.mp4";

function there(
  place: Exclude<Place, "damaged">,
  url: string | null = URL_THERE,
  kind: Asset["kind"] = "video",
): Asset {
  return asset("a", { kind, media: { ...asset("a").media, ...MEDIA[place], url } });
}

const PLACES = Object.keys(MEDIA) as Exclude<Place, "damaged">[];
const ASSETS = PLACES.flatMap((place) =>
  (["video", "image", "audio"] as const).flatMap((kind) =>
    [URL_THERE, null].map((url) => there(place, url, kind)),
  ),
);
const TABLE: Record<string, readonly string[]> = accepted;
/** What the page does by itself. */
const OWN = ["again", "relay"];
/** What a word in the text promises. */
const PROMISES: readonly (readonly [RegExp, string])[] = [
  [/relink/i, "relink"],
  [/download it/i, "download"],
  [/ask the provider/i, "ask"],
  [/look again/i, "look"],
  [/have a copy made/i, "copy"],
  [/through the studio/i, "relay"],
  [/try again/i, "again"],
];

test("nothing is offered, in words or as a button, that the studio refuses", () => {
  for (const cause of CAUSES) {
    for (const one of ASSETS) {
      const { remedies, remedy } = told(cause, one);
      for (const name of remedies)
        if (!OWN.includes(name)) expect(TABLE[name]).toContain(placeOf(one, cause));
      for (const [word, name] of PROMISES) if (word.test(remedy)) expect(remedies).toContain(name);
      if (one.kind === "image") expect(remedies).not.toContain("copy");
      if (one.media.url === null) expect(remedies).not.toContain("download");
      expect(remedy).not.toMatch(/^ | $|undefined/);
    }
  }
});

const offered = (name: Certain, place: Exclude<Place, "damaged">, url: string | null = URL_THERE) =>
  told({ name, ...FACTS }, there(place, url)).remedies;

test.each([
  ["damaged", "saved", ["download", "relink"]],
  ["damaged", "spooled", ["retry"]],
  ["codec", "saved", ["copy"]],
  ["codec", "url_only", ["download"]],
  ["forbidden", "url_only", ["download"]],
  ["forbidden", "expired", ["ask", "relink"]],
  ["forbidden", "in_memory", ["retry"]],
  ["not_media", "url_only", ["download"]],
  ["not_media", "missing", ["download", "relink"]],
  ["host_refused", "url_only", ["again"]],
  ["host_refused", "expired", ["again", "relink"]],
  ["no_source", "url_only", ["download"]],
  ["file_missing", "missing", ["look", "relink"]],
  ["file_missing", "saved", ["look"]],
  ["offline", "url_only", ["again"]],
] as const)("%s, %s: %j", (name, place, expected) => {
  expect(offered(name, place)).toEqual(expected);
});

test("a damaged import is relinked: it has no address to come from again", () => {
  expect(offered("damaged", "saved", null)).toEqual(["relink"]);
});

test("offline the words say who does not answer", () => {
  const problem = {
    code: "download_failed",
    title: "The download failed.",
    detail: "",
    remedy: "",
    retryable: true,
    facts: {},
  };
  const ofStudio = told({ name: "offline", ...FACTS }, there("saved"));
  const ofHost = told({ name: "offline", ...FACTS, problem }, there("url_only"));
  expect(ofStudio.detail).toContain("and the studio does not answer");
  expect(ofStudio.remedy).toContain("A studio on this device needs no network");
  expect(ofHost.detail).toContain("and the media host media.test does not answer");
});
