/** What Chromium 156 was measured to say, as it was noted: the specification of the diagnosis. */

export const SAFETY = "MEDIA_ELEMENT_ERROR: Media load rejected by URL safety check";
export const FORMAT = "MEDIA_ELEMENT_ERROR: Format error";
export const NO_STREAMS = "PipelineStatus::DEMUXER_ERROR_NO_SUPPORTED_STREAMS";
export const NOT_OPEN =
  "PipelineStatus::DEMUXER_ERROR_COULD_NOT_OPEN: FFmpegDemuxer: open context failed";
export const DECODE = "PipelineStatus::PIPELINE_ERROR_DECODE: video decode error!";
export const PACKET =
  "PipelineStatus::PIPELINE_ERROR_DECODE: Failed to send audio packet for decoding";

/** Embedder policy, resource policy, allowed origin, `crossorigin`, content policy, what it says. */
export type PolicyRow = readonly [
  coep: "none" | "require-corp" | "credentialless",
  corp: "-" | "cross-origin",
  acao: "-" | "*",
  crossorigin: "-" | "anonymous",
  csp: "allows" | "blocks",
  said: "plays" | typeof SAFETY | typeof FORMAT,
  observed: "-" | "csp-violation" | "coep:corp",
];

/** A media host of another site. */
export const POLICIES: readonly PolicyRow[] = [
  ["none", "-", "-", "-", "allows", "plays", "-"],
  ["none", "-", "-", "-", "blocks", SAFETY, "csp-violation"],
  ["none", "-", "-", "anonymous", "allows", FORMAT, "-"],
  ["none", "-", "-", "anonymous", "blocks", SAFETY, "csp-violation"],
  ["none", "-", "*", "-", "allows", "plays", "-"],
  ["none", "-", "*", "-", "blocks", SAFETY, "csp-violation"],
  ["none", "-", "*", "anonymous", "allows", "plays", "-"],
  ["none", "-", "*", "anonymous", "blocks", SAFETY, "csp-violation"],
  ["none", "cross-origin", "-", "-", "allows", "plays", "-"],
  ["none", "cross-origin", "-", "-", "blocks", SAFETY, "csp-violation"],
  ["none", "cross-origin", "-", "anonymous", "allows", FORMAT, "-"],
  ["none", "cross-origin", "-", "anonymous", "blocks", SAFETY, "csp-violation"],
  ["none", "cross-origin", "*", "-", "allows", "plays", "-"],
  ["none", "cross-origin", "*", "-", "blocks", SAFETY, "csp-violation"],
  ["none", "cross-origin", "*", "anonymous", "allows", "plays", "-"],
  ["none", "cross-origin", "*", "anonymous", "blocks", SAFETY, "csp-violation"],
  ["require-corp", "-", "-", "-", "allows", FORMAT, "coep:corp"],
  ["require-corp", "-", "-", "-", "blocks", SAFETY, "csp-violation"],
  ["require-corp", "-", "-", "anonymous", "allows", FORMAT, "-"],
  ["require-corp", "-", "-", "anonymous", "blocks", SAFETY, "csp-violation"],
  ["require-corp", "-", "*", "-", "allows", FORMAT, "coep:corp"],
  ["require-corp", "-", "*", "-", "blocks", SAFETY, "csp-violation"],
  ["require-corp", "-", "*", "anonymous", "allows", "plays", "-"],
  ["require-corp", "-", "*", "anonymous", "blocks", SAFETY, "csp-violation"],
  ["require-corp", "cross-origin", "-", "-", "allows", "plays", "-"],
  ["require-corp", "cross-origin", "-", "-", "blocks", SAFETY, "csp-violation"],
  ["require-corp", "cross-origin", "-", "anonymous", "allows", FORMAT, "-"],
  ["require-corp", "cross-origin", "-", "anonymous", "blocks", SAFETY, "csp-violation"],
  ["require-corp", "cross-origin", "*", "-", "allows", "plays", "-"],
  ["require-corp", "cross-origin", "*", "-", "blocks", SAFETY, "csp-violation"],
  ["require-corp", "cross-origin", "*", "anonymous", "allows", "plays", "-"],
  ["require-corp", "cross-origin", "*", "anonymous", "blocks", SAFETY, "csp-violation"],
  ["credentialless", "-", "-", "-", "allows", "plays", "-"],
  ["credentialless", "-", "-", "-", "blocks", SAFETY, "csp-violation"],
  ["credentialless", "-", "-", "anonymous", "allows", FORMAT, "-"],
  ["credentialless", "-", "-", "anonymous", "blocks", SAFETY, "csp-violation"],
  ["credentialless", "-", "*", "-", "allows", "plays", "-"],
  ["credentialless", "-", "*", "-", "blocks", SAFETY, "csp-violation"],
  ["credentialless", "-", "*", "anonymous", "allows", "plays", "-"],
  ["credentialless", "-", "*", "anonymous", "blocks", SAFETY, "csp-violation"],
  ["credentialless", "cross-origin", "-", "-", "allows", "plays", "-"],
  ["credentialless", "cross-origin", "-", "-", "blocks", SAFETY, "csp-violation"],
  ["credentialless", "cross-origin", "-", "anonymous", "allows", FORMAT, "-"],
  ["credentialless", "cross-origin", "-", "anonymous", "blocks", SAFETY, "csp-violation"],
  ["credentialless", "cross-origin", "*", "-", "allows", "plays", "-"],
  ["credentialless", "cross-origin", "*", "-", "blocks", SAFETY, "csp-violation"],
  ["credentialless", "cross-origin", "*", "anonymous", "allows", "plays", "-"],
  ["credentialless", "cross-origin", "*", "anonymous", "blocks", SAFETY, "csp-violation"],
];
