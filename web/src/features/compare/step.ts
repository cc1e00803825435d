/** What keeps clips in step: where each has to be, and how fast it goes there. */
import { endOf, frameAt, middleOf, type Timing } from "../../playback/timing";

/** Seconds within which a clip is in step: a quarter of a frame at 50 a second. */
const CLOSE = 0.005;
/** Seconds in which a lag is made up for. */
const CATCH_UP = 0.25;
/** How much of a new measurement is believed. */
const FRESH = 0.35;
/** Beyond this it is put there, not hurried. */
const FAR = 0.35;
/** How much slower or faster a clip may play to come into step. */
const MOST = 0.5;

/** One clock for all: as fine as the fastest of them, and as long as the longest. */
export function commonTiming(timings: readonly Timing[]): Timing | null {
  if (timings.length === 0) return null;
  const rate = Math.max(...timings.map((timing) => timing.rate));
  const duration = Math.max(...timings.map(endOf));
  const isSteady = timings.every((timing) => timing.isSteady);
  return { rate, frames: Math.max(1, Math.round(duration * rate)), duration, isSteady };
}

/** Where a clip is sought when the common clock stands at a frame; it waits on its last one. */
export function placeIn(timing: Timing, common: Timing, frame: number): number {
  return middleOf(timing, frameAt(timing, middleOf(common, frame)));
}

/** What has been measured before counts more: a clock is read a little early or late each time. */
export const smoothed = (before: number | undefined, now: number): number =>
  before === undefined ? now : before + (now - before) * FRESH;

export type Correction = { kind: "rate"; rate: number } | { kind: "seek" };

/** What to do with a clip that is so many seconds ahead (or behind, when negative). */
export function correction(ahead: number): Correction {
  const off = Math.abs(ahead);
  if (off > FAR) return { kind: "seek" };
  if (off < CLOSE) return { kind: "rate", rate: 1 };
  const change = Math.min(MOST, Math.max(-MOST, ahead / CATCH_UP));
  return { kind: "rate", rate: 1 - change };
}

/** How the clips differ in what makes them hard to compare; null where they do not. */
export function differences(timings: readonly Timing[]): string | null {
  const rates = new Set(timings.map(({ rate }) => rate.toFixed(3)));
  const lengths = new Set(timings.map((timing) => endOf(timing).toFixed(2)));
  const said = [
    rates.size > 1 ? "different rates, so they are in step by time" : null,
    lengths.size > 1 ? "different lengths: the shorter ones wait on their last frame" : null,
  ].filter(Boolean);
  return said.length === 0 ? null : `They have ${said.join(", and ")}.`;
}
