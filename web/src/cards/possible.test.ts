import { expect, test } from "vitest";
import { asset, card, generation } from "./examples";
import { comparable, withoutClip } from "./possible";

const clips = (count: number) =>
  Array.from({ length: count }, (_, number) => card(null, asset(`clip-${number}`)));
const failed = card(generation("g", { state: "failed" }), null);
const picture = card(null, asset("picture", { kind: "image" }));

test("two to four clips are compared, whatever else is selected with them", () => {
  expect(comparable(clips(2))).toEqual({ ids: ["clip-0", "clip-1"], refusal: null });
  expect(comparable([...clips(4), picture, failed]).refusal).toBeNull();
});

test("why they cannot be compared is said", () => {
  expect(comparable([...clips(1), failed, picture]).refusal).toMatch("two clips");
  expect(comparable(clips(5)).refusal).toMatch("Four clips at most");
});

test("what has no clip is counted, and why it stays is said", () => {
  expect(withoutClip(clips(2))).toBeNull();
  expect(withoutClip([...clips(2), failed])).toBe(
    "1 card has no clip: what was asked for stays listed.",
  );
  expect(withoutClip([failed, failed])).toMatch("2 cards have no clip");
});
