import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import type { Card } from "../cards/card";

export interface Selection {
  /** In the order in which they were chosen. */
  cards: readonly Card[];
  has: (cardId: string) => boolean;
  toggle: (card: Card) => void;
  /** These and no others. */
  choose: (cards: readonly Card[]) => void;
  clear: () => void;
  /** The card in the grid that has the focus. */
  focused: Card | null;
  focus: (card: Card | null) => void;
}

const NONE: readonly Card[] = [];
const nobody: Selection = {
  cards: NONE,
  has: () => false,
  toggle: () => undefined,
  choose: () => undefined,
  clear: () => undefined,
  focused: null,
  focus: () => undefined,
};
const Chosen = createContext<Selection>(nobody);

/** Which cards are selected: to compare them, or to rate or trash several at once. */
export const useSelection = () => useContext(Chosen);

export function SelectionProvider({ children }: { children: ReactNode }) {
  const [cards, setCards] = useState(NONE);
  const [focused, focus] = useState<Card | null>(null);
  const toggle = useCallback(
    (card: Card) =>
      setCards((before) => {
        const rest = before.filter(({ id }) => id !== card.id);
        return rest.length === before.length ? [...before, card] : rest;
      }),
    [],
  );
  const clear = useCallback(() => setCards(NONE), []);
  const selection = useMemo(() => {
    const ids = new Set(cards.map(({ id }) => id));
    const has = (id: string) => ids.has(id);
    return { cards, has, toggle, choose: setCards, clear, focused, focus };
  }, [cards, toggle, clear, focused]);
  return <Chosen value={selection}>{children}</Chosen>;
}
