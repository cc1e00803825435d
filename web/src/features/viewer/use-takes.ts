import { useMemo } from "react";
import { type LibraryQuery, useLibrary, wholeProject } from "../../api/library";
import type { Card } from "../../cards/card";

const MOST = 60;

/** All takes of the card's shot, the first one first; only the card where it is no take. */
export function useTakes(card: Card): readonly Card[] {
  const projectId = (card.generation ?? card.asset)?.project_id ?? "";
  const { total, cardAt } = useLibrary(takesOf(projectId, card));
  return useMemo(() => {
    const count = card.shot === null ? 0 : Math.min(total ?? 0, MOST);
    const takes = Array.from({ length: count }, (_, index) => cardAt(index));
    const found = takes.filter((take) => take !== null && take.shot === card.shot) as Card[];
    return found.length > 0 ? found : [card];
  }, [card, total, cardAt]);
}

function takesOf(projectId: string, { shot, id }: Card): LibraryQuery {
  // Where there is no shot, nothing is to be found: no prompt has such a key.
  return { ...wholeProject(projectId), shot: shot ?? `none-${id}`, sort: "oldest" };
}
