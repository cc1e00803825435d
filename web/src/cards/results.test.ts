import { expect, test } from "vitest";
import type { RecoveryResult } from "../api/shapes";
import { generation } from "./examples";
import { recoveryResult, settleResult } from "./results";

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
test("an attempt that fails says what is in the way", () => {
  expect(recoveryResult(result({ error }))).toEqual({
    title: "It is still not saved.",
    detail: "The disk is full. Make room.",
    level: "warning",
  });
});

test("an attempt that is longer than its answer is not called a failure", () => {
  expect(recoveryResult(result({ under_way: true })).level).toBe("info");
});

test("a request that is still not known is not called given up", () => {
  const problem = { code: "provider_result_gone", title: "", detail: "", remedy: "" };
  const still = generation("g", {
    state: "failed",
    problem: { ...problem, retryable: false, facts: {} },
  });
  expect(settleResult(still).title).toContain("still does not know it");
});

test("a list that could not be read does not lack the order", () => {
  const problem = {
    code: "provider_outcome_unknown",
    title: "",
    detail: "It could not be looked up: 500.",
    remedy: "",
    retryable: false,
    facts: { look_error: "500" },
  };
  const told = settleResult(generation("g", { state: "unconfirmed", problem }));
  expect(told.title).toContain("could not be looked up");
  expect(told.detail).toContain("500");
});

test("looking for a lost order has three ends", () => {
  expect(settleResult(generation("g", { state: "unconfirmed" })).title).toContain("does not list");
  expect(settleResult(generation("g", { state: "failed" })).title).toContain("Given up");
  expect(settleResult(generation("g", { state: "submitted" })).title).toContain("Found");
});
