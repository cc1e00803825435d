import type { Asset } from "../api/shapes";
import type { Handlers } from "../shortcuts/use-shortcuts";
import { useShortcuts } from "../shortcuts/use-shortcuts";
import { type Flag, useReview } from "./use-review";

interface Options {
  enabled?: boolean;
  /** After each verdict that a key gave. */
  onReviewed?: () => void;
  /** Which one of several it is, for those who do not see it. */
  of?: string | null;
  /** Instead of a verdict, where there is nothing to judge. Left out, the keys are silent then. */
  onNothing?: () => void;
}

const STARS = [0, 1, 2, 3, 4, 5] as const;

/** P, X, U and 0 to 5 for these assets. */
export function useReviewKeys(
  assets: readonly Asset[],
  { enabled = true, of = null, onReviewed, onNothing }: Options = {},
): void {
  const review = useReview();
  const judge = (say: () => void) => {
    if (assets.length === 0) return onNothing?.();
    say();
    onReviewed?.();
  };
  const flag = (wanted: Flag) => () => judge(() => review.flag(assets, wanted, of));
  const rate = (rating: number) => () => judge(() => review.rate(assets, rating, of));
  const stars: Handlers = Object.fromEntries(
    STARS.map((rating) => [`review.rate.${rating}`, rate(rating)]),
  );
  useShortcuts(
    {
      "review.pick": flag("pick"),
      "review.reject": flag("reject"),
      "review.unflag": flag(null),
      ...stars,
    },
    { enabled: enabled && (assets.length > 0 || onNothing !== undefined) },
  );
}
