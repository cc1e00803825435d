import { expect, test } from "vitest";
import type { HeardById } from "../api/live";
import type { Asset, Generation } from "../api/shapes";
import { asset, card, generation } from "../cards/examples";
import { seenNow } from "./live-cards";

const running = card(generation("g", { state: "running" }), null);
const done = generation("g", { state: "done", asset_id: "a" });
const clip = asset("a", {}, "g");
const unheard = { generations: new Map(), assets: new Map() };
const heard = <T extends { id: string }>(item: T, asOf: number): HeardById<T> =>
  new Map([[item.id, { item, asOf }]]);
const nowhere = () => null;

test("a card that is listed is what the list shows", () => {
  const saved = card(done, clip);
  const seen = seenNow({ card: running, asOf: 1 }, { listed: () => saved, ...unheard, now: 7 });
  expect(seen).toEqual({ card: saved, asOf: 7 });
  expect(seenNow(seen, { listed: () => saved, ...unheard, now: 9 })).toBe(seen);
});

test("a card that is far from what is shown is followed by what is heard", () => {
  const generations: HeardById<Generation> = heard(done, 5);
  const assets: HeardById<Asset> = heard(clip, 5);
  const sources = { listed: nowhere, generations, assets, now: 7 };
  const seen = seenNow({ card: running, asOf: 1 }, sources);
  expect(seen.card).toMatchObject({ id: "g", generation: done, asset: clip });
  expect(seenNow(seen, sources)).toBe(seen);
});

test("what was heard before it was seen changes nothing", () => {
  const before = { card: running, asOf: 6 };
  const generations = heard(done, 5);
  expect(seenNow(before, { listed: nowhere, generations, assets: new Map(), now: 7 })).toBe(before);
});
