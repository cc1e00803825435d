import { expect, test } from "vitest";
import { type Address, HOME, isFiltered, NO_FILTERS, readAddress, writeAddress } from "./address";

const full: Address = {
  q: "heron & <img src=x> שלום 🎬 100%",
  state: ["unsaved", "failed"],
  model: ["ltx-2.3-fast", "animatic"],
  kind: ["video"],
  flag: ["pick", "none"],
  rating: 3,
  since: "2026-11-01",
  until: "2026-11-30",
  minDuration: 2.5,
  maxDuration: 10,
  sound: false,
  shot: "a shot, with a comma",
  project: "p1",
  everywhere: true,
  grouped: true,
  sort: "rating",
  trashed: true,
  card: "g1",
  compare: ["a", "b", "c"],
  doctor: "all",
};

test("everything that is written is read again", () => {
  expect(readAddress(writeAddress(full))).toEqual(full);
});

test("the plain page has a plain address", () => {
  expect(writeAddress(HOME)).toBe("");
  expect(readAddress("")).toEqual(HOME);
});

test("compared cards are readable in the address", () => {
  expect(writeAddress({ ...HOME, compare: ["a", "b"] })).toBe("?compare=a,b");
});

test("what is wrong or unknown is left out", () => {
  const wrong =
    "?state=nonsense&state=saved&rating=9&since=yesterday&min_duration=-1&max_duration=&sound=loud&sort=best&group=x&in=none&new=1";
  expect(readAddress(wrong)).toEqual({ ...HOME, state: ["saved"] });
});

test("an order, a layout and an open card filter nothing", () => {
  expect(isFiltered({ ...full, ...NO_FILTERS })).toBe(false);
  expect(isFiltered({ ...NO_FILTERS, q: "  " })).toBe(false);
  expect(isFiltered({ ...NO_FILTERS, sound: false })).toBe(true);
});
