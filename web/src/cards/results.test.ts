import { expect, test } from "vitest";
import type { RecoveryResult } from "../api/shapes";
import { generation } from "./examples";
import { recoveriesResult, recoveryResult, settleResult } from "./results";

const error = {
  code: "disk_full",
  message: "The disk is full.",
  remedy: "Make room.",
  at: "2026-11-01T10:00:00Z",
  attempts: 2,
  retryable: true,
};
const result = (change: Partial<RecoveryResult>): RecoveryResult => ({
  asset_id: "a",
  state: "unsaved",
  error: null,
  under_way: false,
  ...change,
});
const all = (...items: RecoveryResult[]) => {
  const saved = items.filter(({ state }) => state === "saved").length;
  return recoveriesResult({ items, saved, not_saved: items.length - saved });
};

test("an attempt that fails says what is in the way", () => {
  expect(recoveryResult(result({ error }))).toEqual({
    title: "It is still not saved.",
    detail: "The disk is full. Make room.",
    level: "warning",
  });
});

test("an attempt that is longer than its answer is not called a failure", () => {
  expect(recoveryResult(result({ under_way: true })).level).toBe("info");
  expect(all(result({ state: "saved" }), result({ under_way: true })).level).toBe("info");
});

test("of many attempts, those that failed are counted beside those that did not", () => {
  expect(all(result({ state: "saved" }), result({ error })).title).toBe("1 saved, 1 not.");
  expect(all(result({ state: "saved" })).level).toBe("success");
  expect(all().title).toBe("There was nothing left to do.");
});

test("looking for a lost order has three ends", () => {
  expect(settleResult(generation("g", { state: "unconfirmed" })).title).toContain("does not list");
  expect(settleResult(generation("g", { state: "failed" })).title).toContain("Given up");
  expect(settleResult(generation("g", { state: "submitted" })).title).toContain("Found");
});
