import { useCallback, useEffect, useMemo, useState } from "react";
import { changeAddress } from "../address/use-address";
import type { Library } from "../api/library";
import { problemOf } from "../api/request";
import type { Neighbours, Went } from "../cards/neighbours";
import { useToast } from "../components/toasts";

/**
 * Where the open card stands in the library.
 *
 * A card that a filter lets go of keeps its place until another is opened: whoever rejects it goes
 * on with the one that came after it.
 */
export function useNeighbours(
  openId: string | null,
  { total, indexOf, bring, show }: Library,
): { neighbours: Neighbours; open: (index: number, cardId: string) => void } {
  const [last, setLast] = useState<{ id: string; index: number } | null>(null);
  const remembered = last !== null && last.id === openId ? last.index : null;
  const listed = openId === null ? null : indexOf(openId);
  const index = listed ?? remembered;
  const isGone = listed === null;

  useEffect(() => {
    // It may be pushed on by others that arrive: what is known of it is kept up to date.
    if (openId !== null && index !== null) setLast({ id: openId, index });
  }, [openId, index]);

  const open = useCallback((at: number, id: string) => {
    setLast({ id, index: at });
    changeAddress({ card: id });
  }, []);

  const move = useCallback(
    async (step: number): Promise<Went> => {
      if (index === null || total === null) return "at the end";
      // The one after a card that is gone stands in its place.
      const to = isGone && step > 0 ? index + step - 1 : index + step;
      if (to < 0 || to >= total) return "at the end";
      const found = await bring(to);
      // Where others came before it, it stands there itself.
      const isItself = found !== null && found.id === openId;
      const card = isItself && to + step < total ? await bring(to + step) : found;
      if (card === null || card.id === openId) return "at the end";
      setLast({ id: card.id, index: to });
      show({ first: to, last: to });
      changeAddress({ card: card.id }, { replace: true });
      return "opened";
    },
    [openId, index, isGone, total, bring, show],
  );
  const { toastProblem } = useToast();
  const go = useCallback(
    (step: number) =>
      move(step).catch((error: unknown): Went => {
        toastProblem(problemOf(error));
        return "failed";
      }),
    [move, toastProblem],
  );
  const neighbours = useMemo(() => ({ index, total: total ?? 0, go }), [index, total, go]);
  return { neighbours, open };
}
