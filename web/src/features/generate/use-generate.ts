import { useCallback, useState } from "react";
import { type Limits, useLostOrder } from "../../api/orders";
import { problemOf } from "../../api/request";
import type { Order, Problem } from "../../api/shapes";
import { useAnnounce } from "../../components/announcer";
import { takesInWords } from "../../format/words";
import { useOrdering } from "../../orders/use-ordering";

/**
 * Orders what is on the form, once. A second press while the first is under way, or right after it,
 * does nothing; a press after a lost answer is the same order again, which orders nothing twice.
 */
export function useGenerate(projectId: string, onOrdered: () => void) {
  const ordering = useOrdering(projectId);
  const announce = useAnnounce();
  const [told, setTold] = useState<string | null>(null);
  const [refused, setRefused] = useState<Problem | null>(null);

  const tell = useCallback(
    (words: string) => {
      setTold(words);
      announce(words);
    },
    [announce],
  );

  useLostOrder(projectId, ordering.sentAt, (arrived) => {
    ordering.reset();
    tell(
      arrived > 0
        ? `Your last order had arrived: ${takesInWords(arrived)}, in the library.`
        : "Your last order did not arrive. Nothing was ordered.",
    );
  });

  const order = async (order: Order, limits: Limits) => {
    const sent = ordering.send(order, limits);
    if (sent === null) return;
    setTold(null);
    setRefused(null);
    const started = await sent.catch(() => null); // told as the problem
    if (started === null) return;
    onOrdered();
    const takes = takesInWords(started.generations.length);
    tell(
      started.repeated
        ? `This order had arrived before: ${takes}. Nothing was ordered again.`
        : `Asked for ${takes}.`,
    );
  };

  return {
    order,
    isPending: ordering.isPending,
    isResting: ordering.isResting,
    problem: refused ?? (ordering.error ? problemOf(ordering.error) : null),
    /** Says why this cannot be ordered, without asking. */
    refuse: setRefused,
    /** What became of the last order, in words. */
    told,
    forget: () => {
      ordering.reset();
      setTold(null);
      setRefused(null);
    },
  };
}
