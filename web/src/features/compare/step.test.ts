import { expect, test } from "vitest";
import { frameAt, type Timing } from "../../playback/timing";
import { commonTiming, correction, differences, placeIn } from "./step";

const clip = (rate: number, frames: number): Timing => ({
  rate,
  frames,
  duration: frames / rate,
  isSteady: true,
});

test("clips of one rate show the same frame, and a shorter one waits on its last", () => {
  const [long, short] = [clip(25, 100), clip(25, 60)];
  const common = commonTiming([long, short]) as Timing;
  expect(common).toMatchObject({ rate: 25, frames: 100 });
  for (const frame of [0, 1, 59, 60, 99]) {
    expect(frameAt(long, placeIn(long, common, frame))).toBe(frame);
    expect(frameAt(short, placeIn(short, common, frame))).toBe(Math.min(frame, 59));
  }
});

test("clips of different rates show what belongs to the same moment", () => {
  const [film, fast] = [clip(24, 48), clip(50, 100)];
  const common = commonTiming([film, fast]) as Timing;
  expect(common).toMatchObject({ rate: 50, frames: 100 });
  expect(frameAt(fast, placeIn(fast, common, 75))).toBe(75);
  expect(frameAt(film, placeIn(film, common, 75))).toBe(36);
});

test("who is ahead goes slower, who is behind faster, and who is far off is put there", () => {
  expect(correction(0.001)).toEqual({ kind: "rate", rate: 1 });
  const ahead = correction(0.04);
  const behind = correction(-0.04);
  expect(ahead.kind === "rate" && ahead.rate).toBeLessThan(1);
  expect(behind.kind === "rate" && behind.rate).toBeGreaterThan(1);
  expect(correction(0.3)).toEqual({ kind: "rate", rate: 0.5 });
  expect(correction(-1)).toEqual({ kind: "seek" });
});

test("what differs is told", () => {
  expect(differences([clip(25, 100), clip(25, 100)])).toBeNull();
  expect(differences([clip(24, 96), clip(25, 100)])).toMatch("different rates");
  expect(differences([clip(25, 96), clip(25, 100)])).toMatch("different lengths");
  expect(commonTiming([])).toBeNull();
});
