import { expect, test } from "vitest";
import type { Notice } from "../../api/shapes";
import { newsOf } from "./news";

const notice = (id: string, count: number, more: Partial<Notice> = {}): Notice => ({
  id,
  project_id: "p",
  code: "clips_unsaved",
  title: `${count} clips could not be saved.`,
  detail: "",
  level: "error",
  duration: null,
  count,
  action: null,
  open: true,
  created_at: "2026-11-01T10:00:00Z",
  updated_at: "2026-11-01T10:00:00Z",
  dismissed_at: null,
  ...more,
});
const ids = (notices: Notice[]) => notices.map(({ id }) => id);

test("what was not there before is told", () => {
  const news = newsOf([notice("a", 1)], [notice("a", 1), notice("b", 1)]);
  expect(ids(news.told)).toEqual(["b"]);
});

test("more of the same is told again, less of it is not", () => {
  expect(ids(newsOf([notice("a", 1)], [notice("a", 3)]).told)).toEqual(["a"]);
  const fewer = newsOf([notice("a", 3)], [notice("a", 2)]);
  expect(ids(fewer.told)).toEqual([]);
  expect(ids(fewer.changed)).toEqual(["a"]);
});

test("what is the same as before is neither told nor changed", () => {
  const same = notice("a", 1);
  expect(newsOf([same], [same])).toEqual({ told: [], changed: [], gone: [] });
});

test("what needs nobody any more is gone", () => {
  expect(newsOf([notice("a", 1), notice("b", 1)], [notice("b", 1)]).gone).toEqual(["a"]);
});
