/** The cards before and after one, by the library's order. */
import { useCallback, useEffect, useRef } from "react";
import type { Library } from "../api/library";
import type { Card } from "./card";

export interface Neighbours {
  /** Where the card stands; null where the library does not list it, or not near what is shown. */
  index: number | null;
  total: number;
  /** The card so many places on; null where there is none. */
  go: (step: number) => Promise<Card | null>;
}

/**
 * A card that a filter lets go of keeps its place until another is looked at: whoever rejects it
 * goes on with the one that came after it.
 */
export function useNeighbours(library: Library, cardId: string | null): Neighbours {
  const { bring, indexOf } = library;
  const total = library.total ?? 0;
  const place = useRef<{ id: string; index: number } | null>(null);
  const listed = cardId === null ? null : indexOf(cardId);
  useEffect(() => {
    if (cardId !== null && listed !== null) place.current = { id: cardId, index: listed };
  }, [cardId, listed]);
  const kept = place.current?.id === cardId ? place.current?.index : undefined;
  const index = listed ?? kept ?? null;
  const isGone = listed === null;
  const go = useCallback(
    async (step: number) => {
      if (index === null) return null;
      // The one after a card that is gone stands in its place.
      const to = isGone && step > 0 ? index + step - 1 : index + step;
      if (to < 0 || to >= total) return null;
      const found = await bring(to);
      // Others may have come before it meanwhile.
      const isSame = found !== null && found.id === cardId;
      const card = isSame && to + step < total ? await bring(to + step) : found;
      if (card) place.current = { id: card.id, index: to };
      return card;
    },
    [index, isGone, total, bring, cardId],
  );
  return { index, total, go };
}
