/** What was observed of a clip that does not play. Nothing in it is concluded. */
import type { Playback, Problem } from "../api/shapes";

export type SourceName = Playback["source"];

/** What the player was given to load. */
export interface Loaded {
  source: SourceName;
  address: string | null;
  crossorigin: Playback["crossorigin"];
  /** Why there is no source, or not the preferred one. */
  reason: Problem | null;
}

/** What the element says. */
export type Complaint =
  | { kind: "error"; code: number; message: string }
  /** It plays, and has no picture. */
  | { kind: "no_picture" }
  /** It waits, and nothing comes. */
  | { kind: "no_bytes" };

/** What our own address says when it is asked for one byte, or the studio of a media host. */
export type Answer =
  | { kind: "answered"; status: number; problem: Problem | null }
  | { kind: "silent" }
  /** Nothing yet, after a while that a person waits. */
  | { kind: "late" };

export interface Evidence {
  loaded: Loaded;
  /** Null where there was nothing to load. */
  complaint: Complaint | null;
  /** What the policies of this page were seen to refuse, of exactly this address. */
  refused: { content: boolean; embedder: boolean };
  /** Null where it was not asked. */
  answer: Answer | null;
  /** Whether the browser says that it has no network. That it has one proves nothing. */
  isOffline: boolean;
  /** What the studio knows; null where it was not asked, or did not say. */
  playback: Playback | null;
  /** Whether the file holds exactly what was saved; null where that was not looked at. */
  isIntact: boolean | null;
  /** The codec of the picture that was measured in the file. */
  videoCodec: string | null;
}
