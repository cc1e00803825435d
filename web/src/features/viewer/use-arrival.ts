import { useEffect, useRef } from "react";
import type { Card } from "../../cards/card";
import type { Neighbours } from "../../cards/neighbours";
import { arrivedAt } from "../../cards/take";
import { useAnnounce } from "../../components/announcer";

/** Says which card has come in the place of the one before: the focus stays where it is. */
export function useArrival(card: Card, { index, total }: Neighbours): void {
  const announce = useAnnounce();
  const shown = useRef(card.id);
  useEffect(() => {
    if (shown.current === card.id) return;
    shown.current = card.id;
    announce(arrivedAt(card, index, total));
  }, [card, index, total, announce]);
}
