import { expect, test } from "vitest";
import { asset, generation, item } from "../cards/examples";
import { entriesOf, type ItemsAt, PAGE_SIZE, pagesFor } from "./library-pages";
import { type HeardById, withHeard } from "./live";
import type { Asset, Generation } from "./shapes";

const none: HeardById<never> = new Map();
const page = (start: number, asOf: number, ...ids: string[]): ItemsAt => ({
  start,
  asOf,
  items: ids.map((id) => item(id, generation(id))),
});
const places = (entries: Map<number, { id: string }>) =>
  [...entries].map(([index, { id }]) => `${index}:${id}`).sort();

test("a range is held by its pages, with one more on each side", () => {
  expect(pagesFor({ first: 0, last: 20 }, 1000)).toEqual([0, 1]);
  expect(pagesFor({ first: 0, last: PAGE_SIZE }, 1000)).toEqual([0, 1, 2]);
  const far = 90_000;
  const middle = far / PAGE_SIZE;
  const around = [middle - 1, middle, middle + 1];
  expect(pagesFor({ first: far, last: far + 30 }, 100_000)).toEqual(around);
});

test("a range that is empty or turned around asks for little", () => {
  expect(pagesFor({ first: 0, last: -1 }, 1000)).toEqual([0, 1]);
});

test("what is not there is not asked for", () => {
  expect(pagesFor({ first: 0, last: 20 }, null)).toEqual([0]);
  expect(pagesFor({ first: 0, last: 0 }, 0)).toEqual([0]);
  expect(pagesFor({ first: 0, last: 20 }, PAGE_SIZE)).toEqual([0]);
  expect(pagesFor({ first: 0, last: 20 }, PAGE_SIZE + 1)).toEqual([0, 1]);
});

test("items stand at their places, whichever pages are here", () => {
  const entries = entriesOf([page(120, 1, "c"), page(0, 1, "a", "b")], none, none);
  expect(places(entries)).toEqual(["0:a", "120:c", "1:b"]);
});

test("of an item that two pages hold, the later page is right", () => {
  const before = page(2, 1, "b", "c");
  const after = page(0, 2, "new", "a", "b");
  expect(places(entriesOf([before, after], none, none))).toEqual(["0:new", "1:a", "2:b", "3:c"]);
});

test("what was heard after a page was asked for stands over it", () => {
  const heard = (asOf: number) =>
    withHeard<Generation>(undefined, [generation("a", { state: "running" })], asOf);
  const state = (asOf: number) =>
    entriesOf([page(0, 10, "a")], heard(asOf), none).get(0)?.generation?.state;
  expect(state(11)).toBe("running");
  expect(state(9)).toBe("planned");
});

test("an asset that comes into being is shown with its generation", () => {
  const generations = withHeard<Generation>(
    undefined,
    [generation("a", { state: "saving", asset_id: "clip" })],
    11,
  );
  const assets = withHeard<Asset>(undefined, [asset("clip", {}, "a")], 11);
  expect(entriesOf([page(0, 10, "a")], generations, assets).get(0)?.asset?.id).toBe("clip");
});

test("what has not changed stays the very same thing", () => {
  const pages = [page(0, 10, "a")];
  expect(entriesOf(pages, none, none).get(0)).toBe(pages[0]?.items[0]);
});
