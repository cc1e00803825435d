import { expect, test } from "vitest";
import type { Asset } from "../api/shapes";
import { actionsOf } from "./actions";
import { asset, card, generation } from "./examples";

const saved = asset("a").media;
const withMedia = (media: Partial<Asset["media"]>) =>
  card(null, asset("a", { media: { ...saved, ...media } }));
const urgent = (media: Partial<Asset["media"]>) => actionsOf(withMedia(media)).urgent;

test("each state offers what helps in it", () => {
  expect(urgent({ state: "saved" })).toEqual([]);
  expect(urgent({ state: "unsaved" })).toEqual(["retry"]);
  expect(urgent({ state: "url_only" })).toEqual(["download"]);
  expect(urgent({ state: "expired" })).toEqual(["relink", "ask"]);
  expect(urgent({ state: "missing", url: null })).toEqual(["relink", "look"]);
  expect(urgent({ state: "missing", url: "https://media.test/a.mp4" })).toContain("download");
});

test("an order whose answer was lost is settled, one that waits can be called off", () => {
  const offered = (state: "unconfirmed" | "queued" | "saving" | "failed") =>
    actionsOf(card(generation("g", { state }), null));
  expect(offered("unconfirmed").urgent).toEqual(["settle"]);
  expect(offered("queued").urgent).toEqual(["cancel"]);
  expect(offered("saving").urgent).toEqual([]);
  expect(offered("failed")).toEqual({ urgent: [], others: ["why"] });
});

test("a request that the provider did not know can be asked for once more", () => {
  const problem = {
    code: "provider_result_gone",
    title: "The provider no longer has the result of this request.",
    detail: "",
    remedy: "",
    retryable: false,
    facts: {},
  };
  const offered = (request_id: string | null) =>
    actionsOf(card(generation("g", { state: "failed", problem, request_id }), null)).urgent;
  expect(offered("request")).toEqual(["find"]);
  expect(offered(null)).toEqual([]);
});

test("whatever is troubled can be asked about", () => {
  const others = (state: Asset["media"]["state"]) => actionsOf(withMedia({ state })).others;
  for (const state of ["unsaved", "url_only", "expired", "missing"] as const)
    expect(others(state)).toEqual(["why", "trash"]);
});

test("what lies in the trash can only be restored", () => {
  const trashed = card(null, asset("a", { trashed_at: "2026-11-01T10:00:00Z" }));
  expect(actionsOf(trashed)).toEqual({ urgent: ["restore"], others: [] });
});

test("only an asset can go into the trash, and only a shot has takes", () => {
  expect(actionsOf(card(null, asset("a"))).others).toEqual(["trash"]);
  const take = { ...card(generation("g", { state: "done" }), asset("a")), shot: "s" };
  expect(actionsOf(take).others).toEqual(["takes", "trash"]);
});
