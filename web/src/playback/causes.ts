/** Each cause in words: what was observed, what helps, and what can be done about it here. */
import type { Asset } from "../api/shapes";
import type { Cause, Certain, Possible } from "./diagnose";
import { inWords, type Remedy, remediesOf, type Wish } from "./remedies";

export interface Told {
  title: string;
  detail: string;
  remedy: string;
  /** Only what the studio accepts of this asset. */
  remedies: readonly Remedy[];
}

interface Said {
  title: string;
  detail: string;
  /** In words, where the names of what is offered do not say it. */
  remedy?: string | ((offered: readonly Remedy[]) => string);
  wishes: readonly Wish[];
}

type Words = Said | ((cause: Cause) => Said);

const host = ({ host: name }: Cause): string =>
  name ? `The media host ${name}` : "The media host";
const said = ({ status }: Cause): string => (status === null ? "with an error" : String(status));
const lower = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
const codec = ({ codec: name }: Cause): string => (name ? ` (${name})` : "");

/** Whether it is the media host that does not answer, as the studio says, which does. */
const isOfHost = ({ problem }: Cause): boolean => problem?.code === "download_failed";
/** A download of what is only there asks the provider, where the media host refuses it. */
const ofAsking = (offered: readonly Remedy[]): string =>
  offered.join() === "download"
    ? "Download it: the provider is asked once more where it is."
    : inWords(offered);
/** A copy is made of what is here. */
const ofCopy = (offered: readonly Remedy[]): string => {
  if (offered.includes("copy"))
    return "Have a copy made that it plays. The file itself stays as it is.";
  return `${inWords(offered)} Of what is here a copy can be made that it plays.`.trim();
};

const WORDS: Record<Certain, Words> = {
  content_policy: (cause) => ({
    title: "The page’s content policy refused the address.",
    detail: `${host(cause)} is not one that this page may load media from (media-src).`,
    remedy: (offered) =>
      `${inWords(offered)} Hosts that may be played from directly are those of RUSHES_MEDIA_HOSTS.`,
    wishes: ["relay", "bring"],
  }),
  embedder_policy: (cause) => ({
    title: "The page’s embedder policy refused the clip.",
    detail:
      `${host(cause)} does not say that other pages may show it: it sent no ` +
      "Cross-Origin-Resource-Policy that allows it, and this page requires one (require-corp).",
    wishes: ["relay", "bring"],
  }),
  cross_origin: (cause) => ({
    title: "The media host does not let this page read the clip.",
    detail: `${host(cause)} sent no Access-Control-Allow-Origin for this page.`,
    wishes: ["relay", "bring"],
  }),
  forbidden: (cause) => ({
    title: `The media host refuses the clip (${said(cause)}).`,
    detail: `${host(cause)} is there, and does not give it out under this address.`,
    remedy: ofAsking,
    wishes: ["bring", "relink"],
  }),
  not_found: (cause) => ({
    title: "The media host does not have the clip (404).",
    detail: `${host(cause)} is there, and finds nothing under this address.`,
    remedy: ofAsking,
    wishes: ["bring", "relink"],
  }),
  gone: (cause) => ({
    title: "The media host no longer has the clip.",
    detail: `${host(cause)} says that it is gone for good${cause.status ? ` (${cause.status})` : ""}.`,
    remedy: ofAsking,
    wishes: ["bring", "relink"],
  }),
  host_error: (cause) => ({
    title: `The media host answered ${said(cause)}.`,
    detail: `${host(cause)} is there, and could not give the clip out.`,
    remedy: "Try again in a while.",
    wishes: ["again", "bring"],
  }),
  host_silent: (cause) => ({
    title: "The media host does not answer.",
    detail:
      `${host(cause)} could not be reached. It may be down, or this machine may have no network: ` +
      "from here the two look the same.",
    remedy: "Look at your connection, then try again.",
    wishes: ["again"],
  }),
  host_refused: {
    title: "Rushes may not load from this media host.",
    detail: "It is not one of the hosts that Rushes loads media from.",
    remedy: (offered) =>
      "If you trust it, add it to RUSHES_MEDIA_HOSTS and start the studio again. " +
      inWords(offered),
    wishes: ["again", "relink"],
  },
  cut_off: (cause) => ({
    title: "The media host broke off.",
    detail: `${host(cause)} closed the connection before all had come.`,
    remedy: (offered) =>
      offered.includes("download")
        ? "Try again, or download it: a download goes on where it was cut."
        : inWords(offered),
    wishes: ["again", "bring"],
  }),
  not_media: (cause) => ({
    title: "The media host sent something that is no clip.",
    detail: `What ${lower(host(cause))} sends under this address is neither video nor sound.`,
    wishes: ["bring", "relink"],
  }),
  studio_gone: {
    title: "The studio does not answer.",
    detail: "The clip comes from the studio, and nothing answers at its address.",
    remedy: "If you have ended it, start it again with `rushes studio`. Then try again.",
    wishes: ["again"],
  },
  offline: (cause) => ({
    title: "This device is offline.",
    detail:
      "The browser says that this device has no network, and " +
      `${isOfHost(cause) ? lower(host(cause)) : "the studio"} does not answer.`,
    remedy: isOfHost(cause)
      ? "Connect this device, then try again. What is saved in the library plays without a network."
      : "Connect this device, then try again. A studio on this device needs no network, and plays " +
        "what is saved in its library: if you have ended it, start it again with `rushes studio`.",
    wishes: ["again"],
  }),
  locked: {
    title: "The studio does not know this browser any more.",
    detail: "It refused the clip until the browser is let in again.",
    remedy: "Open the address that `rushes studio` printed, then try again.",
    wishes: ["again"],
  },
  codec: (cause) => ({
    title: "This browser cannot decode the clip.",
    detail: `Its file is in a format${codec(cause)} that this browser does not play.`,
    remedy: ofCopy,
    wishes: ["copy", "bring"],
  }),
  codec_of_picture: (cause) => ({
    title: "This browser plays only its sound.",
    detail: `There is a picture in it${codec(cause)}, in a format that this browser cannot decode.`,
    remedy: ofCopy,
    wishes: ["copy", "bring"],
  }),
  damaged: {
    title: "The file is damaged.",
    detail: "It does not hold what was saved.",
    remedy: (offered) =>
      offered.includes("relink")
        ? `Put it back from a backup, or ${lower(inWords(offered))}`
        : inWords(offered),
    wishes: ["bring", "relink"],
  },
  file_missing: {
    title: "The file is not there any more.",
    detail: "It was saved in the library, and has left the disk.",
    remedy: (offered) => `Put it back. ${inWords(offered)}`.trim(),
    wishes: ["look", "relink"],
  },
  no_source: ({ problem }) => ({
    title: problem?.title ?? "There is nothing to play.",
    detail: problem?.detail ?? "",
    // The studio's own words for it name what helps in any state.
    wishes: ["bring", "relink"],
  }),
  slow: (cause) => ({
    title: "It is waiting for bytes.",
    detail: `For a while nothing has come from ${cause.host ? `the media host ${cause.host}` : "the studio"}.`,
    remedy: "It goes on by itself when they come.",
    wishes: ["again"],
  }),
  refused: ({ problem }) => ({
    title: problem?.title ?? "The studio refused the clip.",
    detail: problem?.detail ?? "",
    remedy: problem?.remedy ?? "",
    wishes: ["again"],
  }),
};

export const CERTAIN = Object.keys(WORDS) as readonly Certain[];

/** What may be the matter, to be said after "Either" and "or". */
const MAY_BE: Record<Possible, string> = {
  damaged: "the file was damaged before it came here",
  codec: "it is in a format that this browser does not play",
  decoder: "this browser’s decoder fails on it",
  sound_only: "there is no picture in it",
  passing: "the connection was cut for a moment",
  stopped: "something in this browser, such as an extension, stops it",
};
const HELPS: Record<Possible, readonly Wish[]> = {
  damaged: ["bring", "relink"],
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

export function told(cause: Cause, asset: Asset): Told {
  const { title, detail, remedy, wishes } = cause.name === "unclear" ? unsure(cause) : sure(cause);
  const remedies = remediesOf(wishes, asset, cause);
  const said = typeof remedy === "function" ? remedy(remedies) : remedy;
  return { title, detail, remedy: said ?? inWords(remedies), remedies };
}

function sure(cause: Cause & { name: Certain }): Said {
  const words = WORDS[cause.name];
  return typeof words === "function" ? words(cause) : words;
}

function unsure({ either }: Cause & { name: "unclear" }): Said {
  const seen = either.map((one) => OBSERVED[one]).find((text) => text !== undefined) ?? UNREAD;
  return {
    title: "It does not play, and two causes look the same from here.",
    detail: `${seen} Either ${either.map((one) => MAY_BE[one]).join(", or ")}.`,
    wishes: [...new Set(either.flatMap((one) => HELPS[one]))],
  };
}
