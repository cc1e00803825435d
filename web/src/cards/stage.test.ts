import { expect, test } from "vitest";
import type { Generation } from "../api/shapes";
import { asset, card, generation } from "./examples";
import { canCancel, stageOf } from "./stage";

const stage = (change: Partial<Generation>) => stageOf(card(generation("g", change), null));
const problem = {
  code: "content_refused",
  title: "The provider refused this.",
  detail: "It answered 422.",
  remedy: "Change the prompt.",
  retryable: false,
};

test("a percentage is shown only when the provider says one", () => {
  expect(stage({ state: "running" })).toMatchObject({ detail: "", fraction: null });
  expect(stage({ state: "running", progress: 0.426 })).toMatchObject({
    detail: "42 %",
    fraction: 0.426,
  });
});

test("the place in the queue is said when it is known", () => {
  expect(stage({ state: "queued" }).detail).toBe("");
  expect(stage({ state: "queued", queue_position: 3 }).detail).toBe("3 ahead");
  expect(stage({ state: "queued", queue_position: 0 }).detail).toBe("next");
});

test("bytes are shown as they come, with a bar only where the whole is known", () => {
  const coming = (total: number | null) =>
    stage({ state: "saving", transfer: { received: 2_000_000, total } });
  expect(coming(4_000_000)).toMatchObject({ detail: "2.00 MB of 4.00 MB", fraction: 0.5 });
  expect(coming(null)).toMatchObject({ detail: "2.00 MB", fraction: null });
});

test("what was downloaded is being checked until it is saved", () => {
  const steps = [{ name: "downloaded", at: "2026-11-01T10:00:00Z", detail: "" }];
  expect(stage({ state: "saving", steps }).label).toBe("Checking");
});

test("a failure tells what was observed and what can be done", () => {
  expect(stage({ state: "failed", problem })).toMatchObject({
    label: "Failed",
    tone: "failed",
    detail: "The provider refused this. It answered 422.",
    remedy: "Change the prompt.",
  });
});

test("a done generation is as good as its bytes", () => {
  const error = {
    code: "disk_full",
    message: "The disk is full",
    remedy: "Make room.",
    at: "2026-11-01T10:00:00Z",
    attempts: 2,
    retryable: true,
  };
  const saved = asset("a");
  const unsaved = asset("a", { media: { ...saved.media, state: "unsaved", error } });
  const done = generation("g", { state: "done", asset_id: "a" });
  expect(stageOf(card(done, saved)).tone).toBe("ready");
  expect(stageOf(card(done, unsaved))).toMatchObject({
    label: "Unsaved",
    tone: "attention",
    detail: "The disk is full",
    remedy: "Make room.",
  });
});

test("only what is not delivered, and whose answer is not outstanding, can be cancelled", () => {
  const states = ["planned", "submitted", "queued", "running"] as const;
  const others = ["submitting", "delivered", "saving", "done", "failed", "unconfirmed"] as const;
  for (const state of states) expect(canCancel(generation("g", { state }))).toBe(true);
  for (const state of others) expect(canCancel(generation("g", { state }))).toBe(false);
});
