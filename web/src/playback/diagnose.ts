/** From what was observed to one cause. Pure, and it never guesses: what cannot be told apart is
 * `unclear`, and says between what.
 *
 * The order is that of what was measured in Chromium. A policy says what it refuses. A decoder says
 * what it cannot do. Everything of the network is one and the same error, so that only asking again
 * tells more.
 */
import type { Problem } from "../api/shapes";
import type { Evidence } from "./evidence";

export type Certain =
  | "content_policy"
  | "embedder_policy"
  | "cross_origin"
  | "forbidden"
  | "not_found"
  | "gone"
  | "host_error"
  | "host_silent"
  | "host_refused"
  | "cut_off"
  | "not_media"
  | "studio_gone"
  | "offline"
  | "locked"
  | "codec"
  | "codec_of_picture"
  | "damaged"
  | "file_missing"
  | "no_source"
  | "slow"
  | "refused";

export type Possible = "damaged" | "codec" | "decoder" | "sound_only" | "passing" | "stopped";

interface Facts {
  host: string | null;
  /** What the media host answered. */
  status: number | null;
  codec: string | null;
  /** What the studio says of it. */
  problem: Problem | null;
}

export type Cause = Facts & ({ name: Certain } | { name: "unclear"; either: readonly Possible[] });

const PIPELINE = "PipelineStatus::";
/** These are the network's, though they come out of the pipeline. */
const READING = ["PIPELINE_ERROR_READ", "PIPELINE_ERROR_NETWORK"];
const UNSUPPORTED = ["NO_SUPPORTED_STREAMS", "NOT_SUPPORTED", "UNSUPPORTED"];
const DECODING = 3;
/** No range of an empty file can be sent. */
const EMPTY = 416;

export function diagnose(seen: Evidence): Cause {
  return (
    byPolicy(seen) ??
    byDecoder(seen) ??
    byPicture(seen) ??
    (seen.loaded.source === "direct" ? byMediaHost(seen) : byOurAddress(seen))
  );
}

function byPolicy(seen: Evidence): Cause | null {
  if (seen.refused.content) return sure(seen, "content_policy");
  return seen.refused.embedder ? sure(seen, "embedder_policy") : null;
}

function byDecoder(seen: Evidence): Cause | null {
  const { complaint } = seen;
  if (complaint?.kind !== "error") return null;
  const { code, message } = complaint;
  if (READING.some((word) => message.includes(word))) return null;
  if (code !== DECODING && !message.startsWith(PIPELINE)) return null;
  return ofBytes(seen, {
    isUnsupported: UNSUPPORTED.some((word) => message.includes(word)),
    hasBegun: code === DECODING,
  });
}

/** The bytes came, and the browser can do nothing with them. */
function ofBytes(
  seen: Evidence,
  { isUnsupported, hasBegun }: { isUnsupported: boolean; hasBegun: boolean },
): Cause {
  if (seen.isIntact === false) return sure(seen, "damaged");
  const isPlayable = seen.playback?.playable_in_browser ?? null;
  if (isUnsupported || isPlayable === false) return sure(seen, "codec");
  if (hasBegun) return unclear(seen, "damaged", "decoder");
  // The studio has read it, it is still the same, and this browser does not know what it is.
  const isRead = seen.isIntact === true && seen.videoCodec !== null;
  return isRead ? sure(seen, "codec") : unclear(seen, "damaged", "codec");
}

function byPicture(seen: Evidence): Cause | null {
  if (seen.complaint?.kind !== "no_picture") return null;
  if (seen.isIntact === false) return sure(seen, "damaged");
  if (seen.videoCodec !== null) return sure(seen, "codec_of_picture");
  return unclear(seen, "codec", "sound_only");
}

function byOurAddress(seen: Evidence): Cause {
  const { answer, loaded, complaint } = seen;
  if (answer?.kind === "silent") return silent(seen, "studio_gone");
  if (answer?.kind === "late") return sure(seen, "slow");
  if (answer?.problem) return ofProblem(seen, answer.problem, answer.status);
  if (answer === null && loaded.reason) return ofProblem(seen, loaded.reason, null);
  if (answer !== null && answer.status >= 400) return sure(seen, "refused");
  return ofAnsweredBytes(seen, complaint);
}

/** What failed a moment ago is there when it is asked for again. */
function ofAnsweredBytes(seen: Evidence, complaint: Evidence["complaint"]): Cause {
  if (seen.isIntact === false) return sure(seen, "damaged");
  if (complaint?.kind === "no_bytes") return sure(seen, "slow");
  // An empty message is one that was withheld, or that of a picture: it may be the decoder's.
  if (complaint?.kind === "error" && complaint.message === "")
    return ofBytes(seen, { isUnsupported: false, hasBegun: false });
  return unclear(seen, "passing", "stopped");
}

/** The page cannot ask the media host itself: its policy lets it ask nobody but the studio. */
function byMediaHost(seen: Evidence): Cause {
  const { answer, loaded, playback, complaint } = seen;
  if (answer?.kind === "silent") return silent(seen, "studio_gone");
  if (answer?.kind === "late") return sure(seen, "slow");
  const remote = playback?.remote ?? null;
  if (remote?.problem) return ofProblem(seen, remote.problem, null);
  if (playback?.source === "none" && playback.reason) return ofProblem(seen, playback.reason, null);
  if (remote && loaded.crossorigin !== null && remote.cors === false)
    return sure(seen, "cross_origin");
  // Not every browser tells of what its embedder policy refuses.
  if (remote && loaded.crossorigin === null && remote.resource_policy !== "cross-origin")
    return sure(seen, "embedder_policy");
  return ofAnsweredBytes(seen, complaint);
}

const BY_CODE: Readonly<Record<string, Certain>> = {
  download_failed: "host_silent",
  download_interrupted: "cut_off",
  download_wrong_length: "cut_off",
  download_not_media: "not_media",
  media_host_refused: "host_refused",
  studio_unreachable: "studio_gone",
  remote_playback_off: "no_source",
  token_required: "locked",
};
/** Of what was saved the studio says that its file is not there. */
const WAS_HERE = ["missing", "saved"];
const BY_STATUS: Readonly<Record<number, Certain>> = {
  401: "forbidden",
  403: "forbidden",
  404: "not_found",
  410: "gone",
};

function ofProblem(seen: Evidence, problem: Problem, answered: number | null): Cause {
  const told = problem.facts?.status;
  const status = typeof told === "number" ? told : null;
  const name = nameOf(seen, problem, status, answered);
  const cause = silent(seen, name);
  return { ...cause, problem, status: status ?? cause.status };
}

function nameOf(
  { loaded }: Evidence,
  { code, facts }: Problem,
  status: number | null,
  answered: number | null,
): Certain {
  const name = BY_CODE[code];
  if (name !== undefined) return name;
  switch (code) {
    case "media_not_here":
      return WAS_HERE.includes(String(facts?.state)) ? "file_missing" : "no_source";
    case "media_gone":
      return BY_STATUS[status ?? 0] ?? "gone";
    case "download_status":
      return BY_STATUS[status ?? 0] ?? "host_error";
    default:
      if (answered !== EMPTY) return "refused";
      return loaded.source === "relay" ? "not_media" : "damaged";
  }
}

/** Without a network nobody can be heard, so that silence says nothing of anybody else. */
const SILENT: readonly Certain[] = ["studio_gone", "host_silent"];

function silent(seen: Evidence, name: Certain): Cause {
  return sure(seen, seen.isOffline && SILENT.includes(name) ? "offline" : name);
}

function sure(seen: Evidence, name: Certain): Cause {
  return { name, ...factsOf(seen) };
}

function unclear(seen: Evidence, ...either: Possible[]): Cause {
  return { name: "unclear", either, ...factsOf(seen) };
}

function factsOf({ playback, videoCodec, loaded, answer }: Evidence): Facts {
  const remote = playback?.remote ?? null;
  const host = remote?.host ?? (loaded.source === "direct" ? hostOf(loaded.address) : null);
  const problem = answer?.kind === "answered" ? answer.problem : null;
  return { host, status: remote?.status ?? null, codec: videoCodec, problem };
}

function hostOf(address: string | null): string | null {
  return address === null ? null : (/^https?:\/\/([^/?#]+)/.exec(address)?.[1] ?? null);
}
