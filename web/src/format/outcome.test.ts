import { expect, test } from "vitest";
import type { RecoveryResults } from "../api/shapes";
import { outcomeOf } from "./outcome";

type Item = RecoveryResults["items"][number];

const saved: Item = { asset_id: "a", state: "saved", error: null, under_way: false };
const failed: Item = {
  asset_id: "b",
  state: "unsaved",
  error: {
    code: "disk_full",
    message: "0 bytes are free",
    remedy: "",
    at: "2026-11-01T10:00:00Z",
    attempts: 2,
    retryable: true,
  },
  under_way: false,
};
const onItsWay: Item = { asset_id: "c", state: "url_only", error: null, under_way: true };

const results = (...items: Item[]): RecoveryResults => {
  const done = items.filter((item) => item === saved).length;
  return { items, saved: done, not_saved: items.length - done };
};

test("what was saved is counted", () => {
  expect(outcomeOf(results(saved))).toMatchObject({
    title: "The clip is saved.",
    level: "success",
  });
  expect(outcomeOf(results(saved, saved)).title).toBe("2 clips are saved.");
});

test("what was not saved is said with what was observed", () => {
  expect(outcomeOf(results(failed))).toEqual({
    title: "The clip could not be saved.",
    detail: "0 bytes are free.",
    level: "warning",
  });
  expect(outcomeOf(results(saved, failed)).title).toBe("1 of 2 clips could not be saved.");
});

test("what goes on is not called a failure", () => {
  expect(outcomeOf(results(saved, onItsWay))).toEqual({
    title: "A clip is on its way.",
    detail: "The clip is saved.",
    level: "info",
  });
});

test("nothing to do is said", () => {
  expect(outcomeOf(results()).title).toBe("There was nothing to do.");
});
