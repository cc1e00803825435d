import { expect, test } from "vitest";
import { spansOf } from "./spans";

const at = (name: string, second: number) => ({
  name,
  at: new Date(1_700_000_000_000 + second * 1000).toISOString(),
  detail: "",
});
const steps = [at("asked", 0), at("sent", 1), at("running", 1.5), at("saved", 9)];

test("each step lasts until the next, and the last one of what has ended lasts no time", () => {
  const { spans, total } = spansOf(steps, null);
  expect(spans.map(({ begin, length }) => [begin, length])).toEqual([
    [0, 1],
    [1, 0.5],
    [1.5, 7.5],
    [9, null],
  ]);
  expect(total).toBe(9);
});

test("the last one of what is under way lasts until now", () => {
  const { spans, total } = spansOf(steps.slice(0, 3), 1_700_000_004_000);
  expect(spans.at(-1)).toMatchObject({ length: 2.5, isOpen: true });
  expect(total).toBe(4);
});

test("a clock that was set back makes nothing negative", () => {
  const { spans } = spansOf([at("asked", 5), at("sent", 2)], null);
  expect(spans.map(({ begin, length }) => [begin, length])).toEqual([
    [0, 0],
    [0, null],
  ]);
  expect(spansOf([], null)).toEqual({ spans: [], total: 0 });
});
