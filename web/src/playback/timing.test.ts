import { expect, test } from "vitest";
import { asset } from "../cards/examples";
import { frameAt, middleOf, type Timing, timecode, timingOf } from "./timing";

const RATES = [24, 25, 50, 24000 / 1001, 30000 / 1001, 60000 / 1001];

test("the middle of each frame leads to that frame at any rate", () => {
  for (const rate of RATES) {
    const timing: Timing = { rate, frames: 500, duration: 500 / rate, isSteady: true };
    for (let frame = 0; frame < 500; frame += 1) {
      expect(frameAt(timing, middleOf(timing, frame))).toBe(frame);
      // As the browser says when a frame is shown: in whole microseconds.
      expect(frameAt(timing, Math.floor((frame / rate) * 1e6) / 1e6)).toBe(frame);
    }
  }
});

test("nothing lies before the first frame or behind the last", () => {
  const timing: Timing = { rate: 25, frames: 10, duration: 0.4, isSteady: true };
  expect(frameAt(timing, -1)).toBe(0);
  expect(frameAt(timing, 9)).toBe(9);
  expect(middleOf(timing, 99)).toBeCloseTo(0.38);
});

test("a time code counts frames within the second", () => {
  expect(timecode(0, 25)).toBe("00:00:00:00");
  expect(timecode(63, 25)).toBe("00:00:02:13");
  expect(timecode(24, 24000 / 1001)).toBe("00:00:01:00");
  expect(timecode(3600 * 25 + 1, 25)).toBe("01:00:00:01");
});

test("what was measured tells whether the rate is steady", () => {
  expect(timingOf(asset("a"))).toEqual({ rate: 25, frames: 150, duration: 6, isSteady: true });
  expect(timingOf(asset("a", { frames: 120 }))?.isSteady).toBe(false);
  expect(timingOf(asset("a", { fps: null }))).toBeNull();
  expect(timingOf(asset("a", { kind: "image" }))).toBeNull();
  expect(timingOf(null)).toBeNull();
});
