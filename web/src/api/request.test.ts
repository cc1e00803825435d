import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { get, getSlowly, PATIENCE_MS, type ProblemError } from "./request";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A studio that takes a question and never answers it. */
function silence(): void {
  vi.stubGlobal(
    "fetch",
    (_path: string, { signal }: RequestInit) =>
      new Promise((_, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason));
      }),
  );
}

test("a question that is not answered is given up, as one that can be asked again", async () => {
  silence();
  const refused = get("/api/library").catch((error: ProblemError) => error);
  await vi.advanceTimersByTimeAsync(PATIENCE_MS);
  const error = (await refused) as ProblemError;
  expect(error.problem.code).toBe("studio_unreachable");
  expect(error.status).toBeNull();
});

test("a question that is taken back is no failure of the studio's", async () => {
  silence();
  const asking = new AbortController();
  const refused = get("/api/library", asking.signal).catch((error: Error) => error);
  asking.abort();
  expect(((await refused) as Error).name).toBe("AbortError");
});

test("what takes long is waited for", async () => {
  silence();
  let isOver = false;
  void getSlowly("/api/doctor?thorough=true").finally(() => {
    isOver = true;
  });
  await vi.advanceTimersByTimeAsync(100 * PATIENCE_MS);
  expect(isOver).toBe(false);
});

test("an answer in time is taken, and nothing goes on counting", async () => {
  vi.stubGlobal("fetch", async () => Response.json({ total: 3 }));
  expect(await get("/api/library")).toEqual({ total: 3 });
  expect(vi.getTimerCount()).toBe(0);
});
