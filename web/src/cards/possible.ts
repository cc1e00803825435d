/** What can be done with the selected cards together, or why it cannot be, in words. */

import { counted } from "../format/words";
import { type Card, isPlayable } from "./card";

const FEWEST_COMPARED = 2;
const MOST_COMPARED = 4;

export interface Comparable {
  ids: readonly string[];
  refusal: string | null;
}

export function comparable(cards: readonly Card[]): Comparable {
  const clips = cards.filter(({ asset }) => isPlayable(asset) && asset.kind === "video");
  const ids = clips.map(({ id }) => id);
  if (ids.length < FEWEST_COMPARED)
    return { ids, refusal: "To compare, select two clips or more that are here." };
  if (ids.length > MOST_COMPARED) return { ids, refusal: "Four clips at most stand side by side." };
  return { ids, refusal: null };
}

/** Only what there is of it goes to the trash; that it was asked for stays on record. */
export function withoutClip(cards: readonly Card[]): string | null {
  const count = cards.filter(({ asset }) => asset === null).length;
  if (count === 0) return null;
  const has = count === 1 ? "has" : "have";
  return `${counted(count, "card")} ${has} no clip: what was asked for stays listed.`;
}
