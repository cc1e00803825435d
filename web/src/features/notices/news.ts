/** What is new among the notices since they were last seen. */
import type { Notice } from "../../api/shapes";

export interface News {
  /** Needs the person anew, or for more things than before. */
  told: Notice[];
  /** Changed in a way that calls nobody: where it is still shown, it shows the change. */
  changed: Notice[];
  /** Needs nobody any more. */
  gone: string[];
}

export function newsOf(seen: readonly Notice[], open: readonly Notice[]): News {
  const before = new Map(seen.map((notice) => [notice.id, notice]));
  const now = new Set(open.map(({ id }) => id));
  const isNews = ({ id, count }: Notice) => count > (before.get(id)?.count ?? 0);
  return {
    told: open.filter(isNews),
    changed: open.filter((notice) => !isNews(notice) && before.get(notice.id) !== notice),
    gone: seen.filter(({ id }) => !now.has(id)).map(({ id }) => id),
  };
}
