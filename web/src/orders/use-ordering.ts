import { useEffect, useRef, useState } from "react";
import { type Limits, useSubmitOrder } from "../api/orders";
import type { GenerationsStarted, Order } from "../api/shapes";

/** A second press within this time is the same press: a double click, or a key held too long. */
const REST_MS = 1000;

/**
 * Sends an order once. Every button that costs uses this: a second press while the first is under
 * way, or right after it, does nothing.
 */
export function useOrdering(projectId: string) {
  const submit = useSubmitOrder(projectId);
  const isBusy = useRef(false);
  const [isResting, setResting] = useState(false);

  useEffect(() => {
    if (!isResting) return;
    const timer = window.setTimeout(() => {
      isBusy.current = false;
      setResting(false);
    }, REST_MS);
    return () => {
      window.clearTimeout(timer);
      isBusy.current = false; // a timer that is gone ends no rest
    };
  }, [isResting]);

  /** Null where the press was the same as one before. */
  const send = (order: Order, limits: Limits): Promise<GenerationsStarted> | null => {
    if (isBusy.current) return null;
    isBusy.current = true;
    return submit.mutateAsync({ order, limits }).then(
      (started) => {
        setResting(true);
        return started;
      },
      (error: unknown) => {
        isBusy.current = false;
        throw error;
      },
    );
  };

  return {
    send,
    isPending: submit.isPending,
    isResting,
    error: submit.error,
    sentAt: submit.submittedAt,
    reset: submit.reset,
  };
}
