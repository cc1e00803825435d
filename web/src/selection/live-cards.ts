/** Cards that were chosen, as they are now: chosen is which ones, not what they were then. */

import { latest } from "../api/library-pages";
import type { HeardById } from "../api/live";
import type { Asset, Generation } from "../api/shapes";
import { type Card, withParts } from "../cards/card";

/** A card as it was last seen, and when. */
export interface Seen {
  card: Card;
  asOf: number;
}

interface Sources {
  /** The card where the library lists it near what is shown. */
  listed: (cardId: string) => Card | null;
  generations: HeardById<Generation>;
  assets: HeardById<Asset>;
  now: number;
}

/** The listed card where there is one, else the one last seen with what was heard since. */
export function seenNow(before: Seen, { listed, generations, assets, now }: Sources): Seen {
  const card = listed(before.card.id);
  if (card) return card === before.card ? before : { card, asOf: now };
  const parts = latest(before.card, before.asOf, generations, assets);
  const isSame = parts.generation === before.card.generation && parts.asset === before.card.asset;
  return isSame ? before : { ...before, card: withParts(before.card, parts) };
}
