import { useRef } from "react";
import type { Library } from "../../api/library";
import type { Card } from "../../cards/card";
import type { Selection } from "../../selection/selection";

/** The most that is selected in one go. */
export const MOST_AT_ONCE = 500;

/** Selecting by keys and modified clicks: one, or a range from the one before. */
export function useChoosing({ cardAt, bring }: Library, selection: Selection) {
  const anchor = useRef<number | null>(null);

  async function between(a: number, b: number): Promise<Card[]> {
    const from = Math.min(a, b);
    const until = Math.min(Math.max(a, b), from + MOST_AT_ONCE - 1);
    const places = Array.from({ length: until - from + 1 }, (_, step) => from + step);
    const cards = await Promise.all(places.map((index) => cardAt(index) ?? bring(index)));
    return cards.filter((card) => card !== null);
  }

  return {
    async press(index: number, { isRange }: { isRange: boolean }) {
      if (isRange) {
        selection.choose(await between(anchor.current ?? index, index));
        return;
      }
      anchor.current = index;
      const card = cardAt(index);
      if (card) selection.toggle(card);
    },
    /** The next range begins here. */
    start(index: number) {
      anchor.current = index;
    },
    async extend(from: number, to: number) {
      anchor.current ??= from;
      selection.choose(await between(anchor.current, to));
    },
    async all(total: number) {
      selection.choose(await between(0, total - 1));
    },
  };
}
