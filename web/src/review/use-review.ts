import { useCallback } from "react";
import { problemOf } from "../api/request";
import { useVerdict, type Verdict } from "../api/review";
import type { Asset } from "../api/shapes";
import { useAnnounce } from "../components/announcer";
import { useToast } from "../components/toasts";
import { capitalized, counted } from "../format/words";

export type Flag = Asset["flag"];

export interface Review {
  /** With `of`, it is also said of which one. */
  rate: (assets: readonly Asset[], rating: number, of?: string | null) => void;
  flag: (assets: readonly Asset[], flag: Flag, of?: string | null) => void;
}

/** Rating and flag are apart from each other: four stars and rejected is a verdict, too. */
export function useReview(): Review {
  const { mutateAsync: say } = useVerdict();
  const announce = useAnnounce();
  const { toastProblem } = useToast();
  const each = useCallback(
    async (assets: readonly Asset[], verdict: Verdict, words: string, of?: string | null) => {
      const whose = assets.length === 1 ? of : counted(assets.length, "item");
      announce(whose ? `${words} ${capitalized(whose)}.` : words);
      const said = await Promise.allSettled(assets.map((asset) => say({ asset, verdict })));
      const refused = said.find((one) => one.status === "rejected");
      if (refused) toastProblem(problemOf(refused.reason));
    },
    [say, announce, toastProblem],
  );
  return {
    rate: useCallback(
      (assets, rating, of) => void each(assets, { rating }, ratingInWords(rating), of),
      [each],
    ),
    flag: useCallback(
      (assets, flag, of) => void each(assets, { flag }, FLAGGED[flag ?? "none"], of),
      [each],
    ),
  };
}

const FLAGGED = { pick: "Picked.", reject: "Rejected.", none: "Flag taken off." } as const;

const ratingInWords = (rating: number): string =>
  rating === 0 ? "No stars." : `${counted(rating, "star")}.`;
