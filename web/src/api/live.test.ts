import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test, vi } from "vitest";
import { asset, generation } from "../cards/examples";
import { askAgain, type HeardById, LIBRARY, listing, overlay, withHeard } from "./live";
import { hearNotice } from "./notices";
import type { Notice, NoticeList } from "./shapes";

interface Thing {
  id: string;
  project_id: string;
  word: string;
}
const thing = (id: string, word: string, project_id = "p"): Thing => ({ id, project_id, word });
const heard = (...said: [Thing, number][]): HeardById<Thing> =>
  said.reduce<HeardById<Thing>>((map, [item, asOf]) => withHeard(map, [item], asOf), new Map());
const words = (things: Thing[]) => things.map(({ word }) => word);

test("what is heard after a list was asked for stands over the list", () => {
  const pages = [{ items: [thing("a", "listed")], asOf: 10 }];
  expect(words(overlay(pages, heard([thing("a", "heard"), 11]), "p"))).toEqual(["heard"]);
});

test("a list that was asked for later stands over what was heard before", () => {
  const pages = [{ items: [thing("a", "listed")], asOf: 10 }];
  expect(words(overlay(pages, heard([thing("a", "heard"), 9]), "p"))).toEqual(["listed"]);
});

test("what is in no list yet is shown, in its own project only", () => {
  const all = heard([thing("a", "here"), 1], [thing("b", "elsewhere", "q"), 1]);
  expect(words(overlay([], all, "p"))).toEqual(["here"]);
});

test("an answer does not undo an event that overtook it", () => {
  const after = heard([thing("a", "running"), 20], [thing("a", "planned"), 5]);
  expect(after.get("a")?.item.word).toBe("running");
});

test("progress moves nothing in the lists; an end, a rating and the trash do", () => {
  const said = <T>(item: T) => listing({ item, asOf: 1 });
  const running = generation("g", { state: "running" });
  expect(said({ ...running, progress: 0.5 })).toBe(said(running));
  expect(said({ ...running, state: "done" })).not.toBe(said(running));
  const clip = asset("a");
  expect(said({ ...clip, rating: 3 })).not.toBe(said(clip));
  expect(said({ ...clip, trashed_at: "2026-11-01T10:00:00Z" })).not.toBe(said(clip));
  expect(said(clip)).not.toBe(listing(undefined));
});

test.each(["loading", "loading again"])(
  "an answer that was on its way while %s does not undo what was heard",
  async (when) => {
    const client = new QueryClient();
    const answers: ((items: Notice[]) => void)[] = [];
    const ask = () =>
      new Promise<NoticeList>((resolve) => answers.push((items) => resolve({ items })));
    const list = new QueryObserver(client, { queryKey: ["notices"], queryFn: ask });
    list.subscribe(() => undefined);
    if (when === "loading again") {
      answers[0]?.([]);
      await vi.waitFor(() => expect(list.getCurrentResult().isSuccess).toBe(true));
      void list.refetch();
    }
    const heard = { id: "n", updated_at: "2026-11-01T10:00:00Z" } as Notice;
    const before = answers.length;

    hearNotice(client, heard);
    answers[before - 1]?.([]); // what was true before
    await vi.waitFor(() => expect(answers).toHaveLength(before + 1));
    answers[before]?.([heard]);
    await vi.waitFor(() => expect(list.getCurrentResult().isFetching).toBe(false));
    expect(list.getCurrentResult().data).toEqual({ items: [heard] });
  },
);

test("a list that was on its way when something was heard is asked for once more", async () => {
  const client = new QueryClient();
  const answers: ((total: number) => void)[] = [];
  const ask = () => new Promise<number>((resolve) => answers.push(resolve));
  const list = new QueryObserver(client, { queryKey: [LIBRARY, "page"], queryFn: ask });
  list.subscribe(() => undefined);
  expect(answers).toHaveLength(1);

  const asked = askAgain(client);
  answers[0]?.(0); // what was true before
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  answers[1]?.(1);
  await asked;
  expect(list.getCurrentResult().data).toBe(1);
});
