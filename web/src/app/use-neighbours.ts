import { useCallback, useEffect, useMemo, useState } from "react";
import { changeAddress } from "../address/use-address";
import type { Library } from "../api/library";
import type { Neighbours } from "../cards/neighbours";

/** Where the open card stands in the library; null where that is not known. */
export function useNeighbours(
  openId: string | null,
  { total, indexOf, bring, show }: Library,
): { neighbours: Neighbours | null; open: (index: number, cardId: string) => void } {
  const [last, setLast] = useState<{ id: string; index: number } | null>(null);
  const remembered = last !== null && last.id === openId ? last.index : null;
  const index = openId === null ? null : (indexOf(openId) ?? remembered);

  useEffect(() => {
    // It may be pushed on by others that arrive: what is known of it is kept up to date.
    if (openId !== null && index !== null) setLast({ id: openId, index });
  }, [openId, index]);

  const open = useCallback((at: number, id: string) => {
    setLast({ id, index: at });
    changeAddress({ card: id });
  }, []);

  const go = useCallback(
    async (step: number) => {
      if (index === null || total === null) return;
      const to = index + step;
      if (to < 0 || to >= total) return;
      const card = await bring(to);
      if (card === null) return;
      setLast({ id: card.id, index: to });
      show({ first: to, last: to });
      changeAddress({ card: card.id }, { replace: true });
    },
    [index, total, bring, show],
  );
  const neighbours = useMemo(
    () =>
      index === null || total === null ? null : { index, total, go: (n: number) => void go(n) },
    [index, total, go],
  );
  return { neighbours, open };
}
