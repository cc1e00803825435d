import { expect, test } from "vitest";
import { type HeardById, overlay, withHeard } from "./live";

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
