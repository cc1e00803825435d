/** Each cause in words: what was observed, what helps, and what can be done about it here. */
import type { Cause, Certain, Possible } from "./diagnose";

export type Remedy =
  /** Load it anew, from wherever it now comes. */
  | "again"
  /** Through the studio's own address, instead of from the media host. */
  | "relay"
  | "download"
  | "relink"
  | "look"
  | "ask"
  /** Have a copy made that this browser plays. */
  | "copy";

export interface Told {
  title: string;
  detail: string;
  remedy: string;
  remedies: readonly Remedy[];
}

type Words = Told | ((cause: Cause) => Told);

const host = ({ host: name }: Cause): string =>
  name ? `The media host ${name}` : "The media host";
const said = ({ status }: Cause): string => (status === null ? "with an error" : String(status));
const codec = ({ codec: name }: Cause): string => (name ? ` (${name})` : "");

const WORDS: Record<Certain, Words> = {
  content_policy: (cause) => ({
    title: "The page’s content policy refused the address.",
    detail: `${host(cause)} is not one that this page may load media from (media-src).`,
    remedy:
      "Play it through the studio, or download it. Hosts that may be played from directly are " +
      "those of RUSHES_MEDIA_HOSTS.",
    remedies: ["relay", "download"],
  }),
  embedder_policy: (cause) => ({
    title: "The page’s embedder policy refused the clip.",
    detail:
      `${host(cause)} does not say that other pages may show it: it sent no ` +
      "Cross-Origin-Resource-Policy that allows it, and this page requires one (require-corp).",
    remedy: "Play it through the studio, or download it.",
    remedies: ["relay", "download"],
  }),
  cross_origin: (cause) => ({
    title: "The media host does not let this page read the clip.",
    detail: `${host(cause)} sent no Access-Control-Allow-Origin for this page.`,
    remedy: "Play it through the studio, or download it.",
    remedies: ["relay", "download"],
  }),
  forbidden: (cause) => ({
    title: `The media host refuses the clip (${said(cause)}).`,
    detail: `${host(cause)} is there, and does not give it out under this address.`,
    remedy: "Ask the provider once more, or relink a file that you have.",
    remedies: ["ask", "relink"],
  }),
  not_found: (cause) => ({
    title: "The media host does not have the clip (404).",
    detail: `${host(cause)} is there, and finds nothing under this address.`,
    remedy: "Ask the provider once more, or relink a file that you have.",
    remedies: ["ask", "relink"],
  }),
  gone: (cause) => ({
    title: "The media host no longer has the clip.",
    detail: `${host(cause)} says that it is gone for good${cause.status ? ` (${cause.status})` : ""}.`,
    remedy: "Ask the provider once more, or relink a file that you have.",
    remedies: ["ask", "relink"],
  }),
  host_error: (cause) => ({
    title: `The media host answered ${said(cause)}.`,
    detail: `${host(cause)} is there, and could not give the clip out.`,
    remedy: "Try again in a while.",
    remedies: ["again", "download"],
  }),
  host_silent: (cause) => ({
    title: "The media host does not answer.",
    detail:
      `${host(cause)} could not be reached. It may be down, or this machine may have no network: ` +
      "from here the two look the same.",
    remedy: "Look at your connection, then try again.",
    remedies: ["again"],
  }),
  host_refused: {
    title: "Rushes may not load from this media host.",
    detail: "It is not one of the hosts that Rushes loads media from.",
    remedy: "If you trust it, add it to RUSHES_MEDIA_HOSTS. Or relink a file that you have.",
    remedies: ["relink"],
  },
  cut_off: (cause) => ({
    title: "The media host broke off.",
    detail: `${host(cause)} closed the connection before all had come.`,
    remedy: "Try again, or download it: a download goes on where it was cut.",
    remedies: ["again", "download"],
  }),
  not_media: (cause) => ({
    title: "The media host sent something that is no clip.",
    detail: `What ${host(cause).replace("The", "the")} sends under this address is neither video nor sound.`,
    remedy: "Ask the provider once more, or relink a file that you have.",
    remedies: ["ask", "relink"],
  }),
  studio_gone: {
    title: "The studio does not answer.",
    detail: "The clip comes from the studio, and nothing answers at its address.",
    remedy: "If you have ended it, start it again with `rushes studio`. Then try again.",
    remedies: ["again"],
  },
  locked: {
    title: "The studio does not know this browser any more.",
    detail: "It refused the clip until the browser is let in again.",
    remedy: "Open the address that `rushes studio` printed, then try again.",
    remedies: ["again"],
  },
  codec: (cause) => ({
    title: "This browser cannot decode the clip.",
    detail: `Its file is in a format${codec(cause)} that this browser does not play.`,
    remedy: "Have a copy made that it plays. The file itself stays as it is.",
    remedies: ["copy"],
  }),
  codec_of_picture: (cause) => ({
    title: "This browser plays only its sound.",
    detail: `There is a picture in it${codec(cause)}, in a format that this browser cannot decode.`,
    remedy: "Have a copy made that it plays. The file itself stays as it is.",
    remedies: ["copy"],
  }),
  damaged: {
    title: "The file is damaged.",
    detail: "It does not hold what was saved.",
    remedy: "Put it back from a backup, download it again, or relink a whole file.",
    remedies: ["download", "relink"],
  },
  file_missing: {
    title: "The file is not there any more.",
    detail: "It was saved in the library, and has left the disk.",
    remedy: "Put it back and look again, or relink it.",
    remedies: ["look", "relink"],
  },
  no_source: ({ problem }) => ({
    title: problem?.title ?? "There is nothing to play.",
    detail: problem?.detail ?? "",
    remedy: problem?.remedy ?? "",
    remedies: ["download", "relink"],
  }),
  slow: (cause) => ({
    title: "It is waiting for bytes.",
    detail: `For a while nothing has come from ${cause.host ? `the media host ${cause.host}` : "the studio"}.`,
    remedy: "It goes on by itself when they come.",
    remedies: ["again"],
  }),
  refused: ({ problem }) => ({
    title: problem?.title ?? "The studio refused the clip.",
    detail: problem?.detail ?? "",
    remedy: problem?.remedy ?? "",
    remedies: ["again"],
  }),
};

/** What may be the matter, to be said after "Either" and "or". */
const MAY_BE: Record<Possible, string> = {
  damaged: "the file was damaged before it came here",
  codec: "it is in a format that this browser does not play",
  decoder: "this browser’s decoder fails on it",
  sound_only: "there is no picture in it",
  passing: "the connection was cut for a moment",
  stopped: "something in this browser, such as an extension, stops it",
};
const HELPS: Record<Possible, readonly Remedy[]> = {
  damaged: ["download", "relink"],
  codec: ["copy"],
  decoder: ["copy"],
  sound_only: [],
  passing: ["again"],
  stopped: ["again"],
};
const OBSERVED: Partial<Record<Possible, string>> = {
  passing: "It did not come, and when it was asked for again, it did.",
  sound_only: "It plays without a picture, and what is in it was never measured.",
  decoder: "The browser began to decode it and gave up.",
};
const UNREAD = "The browser does not know what is in it.";

export function told(cause: Cause): Told {
  if (cause.name !== "unclear") {
    const words = WORDS[cause.name];
    return typeof words === "function" ? words(cause) : words;
  }
  const { either } = cause;
  const remedies = [...new Set(either.flatMap((one) => HELPS[one]))];
  const seen = either.map((one) => OBSERVED[one]).find((text) => text !== undefined) ?? UNREAD;
  return {
    title: "It does not play, and two causes look the same from here.",
    detail: `${seen} Either ${either.map((one) => MAY_BE[one]).join(", or ")}.`,
    remedy: remedies.includes("again") ? "Try again." : "",
    remedies,
  };
}
