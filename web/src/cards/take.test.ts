import { expect, test } from "vitest";
import type { Card } from "./card";
import { asset, card, generation } from "./examples";
import { arrivedAt, calledOf, shownTakeOf, takeOf } from "./take";

const take = (number: number): Card => card(generation("g", { take_number: number }), null);
const group = (number: number, takes: number): Card => ({ ...take(number), takes });

test("a take has its number, and what was brought here has none", () => {
  expect(takeOf(take(3))).toBe("Take 3");
  expect(takeOf(card(null, asset("a", { take_number: 2 }, "g")))).toBe("Take 2");
  expect(takeOf(card(null, asset("a")))).toBeNull();
  expect(calledOf(take(3), "A heron")).toBe("A heron, take 3");
  expect(calledOf(card(null, asset("a")), "heron.mp4")).toBe("heron.mp4");
});

test("of a group it is said which take is shown", () => {
  expect(shownTakeOf(group(4, 4))).toBe("take 4 of 4");
  expect(shownTakeOf(group(7, 4))).toBe("take 7");
  expect(shownTakeOf(take(4))).toBeNull();
});

test("which card one has come to is said with its place, where it has one", () => {
  expect(arrivedAt(take(3), 1, 10)).toBe("A heron lifts off a lake., take 3, 2 of 10");
  expect(arrivedAt(card(null, asset("a")), null, 10)).toBe("heron.mp4");
});
