import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import type { Library } from "../api/library";
import { now, useHeard } from "../api/live";
import type { Asset, Generation } from "../api/shapes";
import type { Card } from "../cards/card";
import { type Seen, seenNow } from "./live-cards";

export interface Selection {
  /** As they are now, in the order in which they were chosen. */
  cards: readonly Card[];
  has: (cardId: string) => boolean;
  toggle: (card: Card) => void;
  /** These and no others; with `of`, they are the first ones of so many. */
  choose: (cards: readonly Card[], of?: number) => void;
  clear: () => void;
  /** Of how many they are the first ones; null where they are all that was meant. */
  of: number | null;
  /** The card in the grid that has the focus, as it is now. */
  focused: Card | null;
  focus: (card: Card | null) => void;
}

interface Chosen {
  seen: readonly Seen[];
  of: number | null;
}

const NONE: Chosen = { seen: [], of: null };
const nobody: Selection = {
  cards: [],
  has: () => false,
  toggle: () => undefined,
  choose: () => undefined,
  clear: () => undefined,
  of: null,
  focused: null,
  focus: () => undefined,
};
const Context = createContext<Selection>(nobody);

/** Which cards are selected: to compare them, or to rate or trash several at once. */
export const useSelection = () => useContext(Context);

interface Props {
  library: Pick<Library, "cardAt" | "indexOf">;
  children: ReactNode;
}

export function SelectionProvider({ library, children }: Props) {
  const [chosen, setChosen] = useState(NONE);
  const [atFocus, setAtFocus] = useState<Seen | null>(null);
  const refreshed = useRefreshed(library);

  // What was last seen of a card is kept: it may leave the pages that are here.
  const seen = refreshedAll(chosen.seen, refreshed);
  if (seen !== chosen.seen) setChosen({ ...chosen, seen });
  const focusedNow = atFocus && refreshed(atFocus);
  if (focusedNow !== atFocus) setAtFocus(focusedNow);

  const toggle = useCallback(
    (card: Card) =>
      setChosen((before) => {
        const rest = before.seen.filter((one) => one.card.id !== card.id);
        const isNew = rest.length === before.seen.length;
        return { seen: isNew ? [...rest, seenAt(card)] : rest, of: null };
      }),
    [],
  );
  const choose = useCallback(
    (cards: readonly Card[], of?: number) => setChosen({ seen: cards.map(seenAt), of: of ?? null }),
    [],
  );
  const clear = useCallback(() => setChosen((before) => (before.seen.length ? NONE : before)), []);
  const focus = useCallback((card: Card | null) => setAtFocus(card && seenAt(card)), []);
  const focused = focusedNow?.card ?? null;
  const { of } = chosen;
  const selection = useMemo(() => {
    const cards = seen.map(({ card }) => card);
    const ids = new Set(cards.map(({ id }) => id));
    const has = (id: string) => ids.has(id);
    return { cards, has, toggle, choose, clear, of, focused, focus };
  }, [seen, toggle, choose, clear, of, focused, focus]);
  return <Context value={selection}>{children}</Context>;
}

const seenAt = (card: Card): Seen => ({ card, asOf: now() });

function useRefreshed({ cardAt, indexOf }: Props["library"]): (seen: Seen) => Seen {
  const generations = useHeard<Generation>("generation");
  const assets = useHeard<Asset>("asset");
  return useCallback(
    (seen) => {
      const listed = (id: string) => {
        const index = indexOf(id);
        return index === null ? null : cardAt(index);
      };
      return seenNow(seen, { listed, generations, assets, now: now() });
    },
    [cardAt, indexOf, generations, assets],
  );
}

/** The same list where nothing has changed. */
function refreshedAll(all: readonly Seen[], refreshed: (seen: Seen) => Seen): readonly Seen[] {
  const after = all.map(refreshed);
  return after.every((one, at) => one === all[at]) ? all : after;
}
