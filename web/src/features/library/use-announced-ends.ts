import { useEffect, useRef } from "react";
import type { Card } from "../../cards/card";
import { stageOf } from "../../cards/stage";
import { useAnnounce } from "../../components/announcer";
import { shortened } from "../../format/words";

/** Says aloud when something that was under way has come to its end. */
export function useAnnouncedEnds(cards: readonly Card[]): void {
  const announce = useAnnounce();
  const underWay = useRef<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const waiting = new Set<string>();
    const ended: string[] = [];
    for (const card of cards) {
      const stage = stageOf(card);
      if (stage.tone === "waiting") waiting.add(card.id);
      else if (underWay.current.has(card.id)) {
        ended.push(`${stage.label}: ${shortened(card.name, 60)}`);
      }
    }
    underWay.current = waiting;
    if (ended.length > 0) announce(ended.join(". "));
  }, [cards, announce]);
}
