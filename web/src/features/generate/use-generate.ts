import { useCallback, useEffect, useRef, useState } from "react";
import { type Limits, useLostOrder, useSubmitOrder } from "../../api/orders";
import { problemOf } from "../../api/request";
import type { Order, Problem } from "../../api/shapes";
import { useAnnounce } from "../../components/announcer";
import { takesInWords } from "../../format/words";

/** A second press within this time is the same press: a double click, or a key held too long. */
const REST_MS = 1000;

/**
 * Orders what is on the form, once. A second press while the first is under way, or right after it,
 * does nothing; a press after a lost answer is the same order again, which orders nothing twice.
 */
export function useGenerate(projectId: string) {
  const submit = useSubmitOrder(projectId);
  const announce = useAnnounce();
  const isBusy = useRef(false);
  const [isResting, setResting] = useState(false);
  const [told, setTold] = useState<string | null>(null);
  const [refused, setRefused] = useState<Problem | null>(null);

  const tell = useCallback(
    (words: string) => {
      setTold(words);
      announce(words);
    },
    [announce],
  );

  useLostOrder(projectId, submit.submittedAt, (arrived) => {
    submit.reset();
    tell(
      arrived > 0
        ? `Your last order had arrived: ${takesInWords(arrived)}, in the library.`
        : "Your last order did not arrive. Nothing was ordered.",
    );
  });

  useEffect(() => {
    if (!isResting) return;
    const timer = window.setTimeout(() => {
      isBusy.current = false;
      setResting(false);
    }, REST_MS);
    return () => window.clearTimeout(timer);
  }, [isResting]);

  const order = (order: Order, limits: Limits) => {
    if (isBusy.current) return;
    isBusy.current = true;
    setTold(null);
    setRefused(null);
    submit.mutate(
      { order, limits },
      {
        onSuccess: ({ generations, repeated }) => {
          const takes = takesInWords(generations.length);
          tell(
            repeated
              ? `This order had arrived before: ${takes}. Nothing was ordered again.`
              : `Asked for ${takes}.`,
          );
          setResting(true);
        },
        onError: () => {
          isBusy.current = false;
        },
      },
    );
  };

  return {
    order,
    isPending: submit.isPending,
    isResting,
    problem: refused ?? (submit.error ? problemOf(submit.error) : null),
    /** Says why this cannot be ordered, without asking. */
    refuse: setRefused,
    /** What became of the last order, in words. */
    told,
    forget: () => {
      submit.reset();
      setTold(null);
      setRefused(null);
    },
  };
}
