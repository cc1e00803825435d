/** Frames and moments of a clip, from what was measured in its bytes. */
import type { Asset } from "../api/shapes";

export interface Timing {
  /** Frames a second. */
  rate: number;
  frames: number;
  /** Seconds. */
  duration: number;
  /** Whether every frame is shown equally long: only then a number says a moment exactly. */
  isSteady: boolean;
}

/** Beyond half a frame, the rate and the count of frames do not make the duration. */
const TOLERANCE = 0.5;
/** A time stamp is rounded: this much of a frame before its beginning is the frame itself. */
const ROUNDING = 0.02;

export function timingOf(asset: Asset | null): Timing | null {
  if (asset?.kind !== "video" || !asset.fps || !asset.frames || !asset.duration) return null;
  const [numerator = 0, denominator = 1] = asset.fps.split("/").map(Number);
  const rate = numerator / denominator;
  if (!(rate > 0)) return null;
  const { frames, duration } = asset;
  const isSteady = Math.abs(frames - duration * rate) <= TOLERANCE;
  return { rate, frames, duration, isSteady };
}

/** The frame that is shown at a moment. */
export function frameAt({ rate, frames }: Timing, seconds: number): number {
  return within(Math.floor(seconds * rate + ROUNDING), frames);
}

/** The middle of a frame: where a seek lands on it, whatever is rounded. */
export function middleOf({ rate, frames }: Timing, frame: number): number {
  return (within(frame, frames) + 0.5) / rate;
}

/** The last moment of the picture. */
export function endOf({ rate, frames }: Timing): number {
  return frames / rate;
}

/** Hours, minutes, seconds and frames, counted as editors do (without dropped numbers). */
export function timecode(frame: number, rate: number): string {
  const whole = Math.max(1, Math.round(rate));
  const seconds = Math.floor(frame / whole);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return [...parts, frame % whole].map((part) => String(part).padStart(2, "0")).join(":");
}

function within(frame: number, frames: number): number {
  return Math.min(Math.max(frame, 0), frames - 1);
}
