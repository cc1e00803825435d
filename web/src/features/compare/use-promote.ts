import { useCallback } from "react";
import { problemOf } from "../../api/request";
import { useVerdict } from "../../api/review";
import type { Asset } from "../../api/shapes";
import type { Card } from "../../cards/card";
import { useToast } from "../../components/toasts";
import { counted } from "../../format/words";

interface Said {
  asset: Asset;
  flag: Asset["flag"];
}

/** Pick one and reject the others; the flags from before come back with "Undo". */
export function usePromote(cards: readonly Card[]): (chosen: Card) => void {
  const { mutateAsync: say } = useVerdict();
  const { toast, toastProblem } = useToast();
  const sayAll = useCallback(
    async (all: readonly Said[]): Promise<Asset[]> => {
      const done = await Promise.allSettled(
        all.map(({ asset, flag }) => say({ asset, verdict: { flag } })),
      );
      const refused = done.find((one) => one.status === "rejected");
      if (refused) toastProblem(problemOf(refused.reason));
      return done.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    },
    [say, toastProblem],
  );
  return useCallback(
    async (chosen: Card) => {
      const assets = cards.flatMap(({ asset }) => asset ?? []);
      const before = new Map(assets.map(({ id, flag }) => [id, flag]));
      const changed = await sayAll(
        assets.map((asset) => ({
          asset,
          flag: asset.id === chosen.asset?.id ? "pick" : "reject",
        })),
      );
      if (changed.length === 0) return;
      toast({
        title: `Picked one, rejected ${counted(assets.length - 1, "other")}.`,
        level: "success",
        duration: 10_000,
        action: {
          label: "Undo",
          run: () =>
            void sayAll(changed.map((asset) => ({ asset, flag: before.get(asset.id) ?? null }))),
        },
      });
    },
    [cards, sayAll, toast],
  );
}
