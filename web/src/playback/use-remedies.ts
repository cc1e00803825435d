import { useEffect, useState } from "react";
import { getCopy, makeCopy } from "../api/playback";
import { problemOf } from "../api/request";
import type { Copy } from "../api/shapes";
import type { ActionName } from "../cards/actions";
import { useActs } from "../cards/acts";
import type { Card } from "../cards/card";
import type { IconName } from "../components/icon";
import { useToast } from "../components/toasts";
import { percent } from "../format/units";
import type { Remedy } from "./remedies";
import type { Player } from "./use-player";

export interface Offer {
  name: Remedy;
  label: string;
  icon: IconName;
  isBusy: boolean;
  run: () => void;
}

const LOOK_EVERY_MS = 1_000;
const LABELS: Record<Remedy, { label: string; icon: IconName }> = {
  again: { label: "Try again", icon: "again" },
  relay: { label: "Play it through the studio", icon: "play" },
  download: { label: "Download", icon: "download" },
  retry: { label: "Retry", icon: "again" },
  relink: { label: "Relink", icon: "link" },
  look: { label: "Look again", icon: "search" },
  ask: { label: "Ask again", icon: "again" },
  copy: { label: "Make a playable copy", icon: "video" },
};

/** What can be done about a cause, as buttons. */
export function useRemedies(card: Card, player: Player, remedies: readonly Remedy[]): Offer[] {
  const { act, isBusy } = useActs();
  const copy = useCopy(card, player);
  return remedies.map((name) => {
    if (name === "copy") {
      const label = copy.isBusy ? copyWord(copy.progress) : LABELS.copy.label;
      return { name, ...LABELS.copy, label, isBusy: copy.isBusy, run: copy.make };
    }
    if (name === "again" || name === "relay")
      return { name, ...LABELS[name], isBusy: player.isAsking, run: player[name] };
    const run = () => act(name satisfies ActionName, card);
    return { name, ...LABELS[name], isBusy: isBusy(card.id), run };
  });
}

const copyWord = (progress: number | null): string =>
  progress === null ? "Making a copy…" : `Making a copy, ${percent(progress)}…`;

/** Asks until the copy is there, then plays it. */
function useCopy(card: Card, player: Player) {
  const assetId = card.asset?.id ?? "";
  const { toastProblem } = useToast();
  const [madeOf, setMadeOf] = useState<string | null>(null);
  const isBusy = madeOf === assetId && assetId !== "";
  const [progress, setProgress] = useState<number | null>(null);
  const { playCopy } = player;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is made counts
  useEffect(() => {
    if (!isBusy) return;
    let timer: number | undefined;
    let isLeft = false;
    const look = async (asked: Promise<Copy>) => {
      try {
        const { address, progress: part, problem } = await asked;
        if (isLeft) return;
        setProgress(part);
        if (problem) toastProblem(problem);
        if (address) playCopy(address);
        if (problem || address) setMadeOf(null);
        else timer = window.setTimeout(() => void look(getCopy(assetId)), LOOK_EVERY_MS);
      } catch (error) {
        if (isLeft) return;
        setMadeOf(null);
        toastProblem(problemOf(error));
      }
    };
    void look(makeCopy(assetId));
    return () => {
      isLeft = true;
      window.clearTimeout(timer);
    };
  }, [isBusy, assetId]);
  return { isBusy, progress, make: () => setMadeOf(assetId) };
}
