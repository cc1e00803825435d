import { expect, test } from "vitest";
import { type Filters, isFiltered, NO_FILTERS } from "../../address/address";
import { filtersOn } from "./names";

const title = (id: string) => id.toUpperCase();
const all: Filters = {
  q: "heron",
  state: ["unsaved", "failed"],
  model: ["animatic"],
  kind: ["image"],
  flag: ["none"],
  rating: 4,
  since: "2026-11-01",
  until: null,
  minDuration: 2,
  maxDuration: 6,
  sound: false,
  shot: "s",
};

test("every filter that is on is said, and can be taken away by itself", () => {
  const on = filtersOn(all, title);
  expect(on.map(({ label }) => label)).toEqual([
    "“heron”",
    "Unsaved",
    "Failed",
    "ANIMATIC",
    "Images",
    "No flag",
    "4 stars or more",
    expect.stringContaining("Since"),
    "2 to 6 s",
    "Without sound",
    "Takes of one shot",
  ]);
  let left = all;
  for (const { key } of on) {
    const one = filtersOn(left, title).find((other) => other.key === key);
    left = { ...left, ...one?.without };
  }
  expect(isFiltered(left)).toBe(false);
});

test("nothing is said when nothing is on", () => {
  expect(filtersOn(NO_FILTERS, title)).toEqual([]);
});
