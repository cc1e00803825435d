import { useRef } from "react";
import type { Library } from "../../api/library";
import { problemOf } from "../../api/request";
import { useToast } from "../../components/toasts";
import type { Selection } from "../../selection/selection";

/** The most that is selected in one go. */
export const MOST_AT_ONCE = 500;

/** Selecting by keys and modified clicks: one, or a range from the one before. */
export function useChoosing({ cardAt, bring }: Library, selection: Selection) {
  const anchor = useRef<number | null>(null);

  const { toastProblem } = useToast();

  async function chooseBetween(a: number, b: number): Promise<void> {
    const from = Math.min(a, b);
    const until = Math.min(Math.max(a, b), from + MOST_AT_ONCE - 1);
    const places = Array.from({ length: until - from + 1 }, (_, step) => from + step);
    try {
      const cards = await Promise.all(places.map((index) => cardAt(index) ?? bring(index)));
      const meant = Math.abs(a - b) + 1;
      selection.choose(
        cards.filter((card) => card !== null),
        meant > places.length ? meant : undefined,
      );
    } catch (error) {
      toastProblem(problemOf(error));
    }
  }

  return {
    async press(index: number, { isRange }: { isRange: boolean }) {
      if (isRange) {
        await chooseBetween(anchor.current ?? index, index);
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
      await chooseBetween(anchor.current, to);
    },
    async all(total: number) {
      await chooseBetween(0, total - 1);
    },
  };
}
