/** Orders: what may cost money. Each has an id, so that a lost answer never buys anything twice. */
import { useIsMutating, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import { hear, now } from "./live";
import { askQuote } from "./quotes";
import { get, ProblemError, post } from "./request";
import { forget, idFor, useSentOrder } from "./sent-order";
import type { GenerationsStarted, Order, PlacedOrder } from "./shapes";

export interface Limits {
  /** The price that was shown: the studio refuses what may cost more. */
  maxCost: string;
  /** The person has said that the room on the disk does not matter. */
  ignoreRoom?: boolean;
}

/** May cost money. Sent once, and never again by itself. */
export function useSubmitOrder(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationKey: SENDING,
    mutationFn: async ({ order, limits }: { order: Order; limits: Limits }) => {
      await check(order);
      const id = idFor(projectId, JSON.stringify(order));
      const asOf = now();
      try {
        const started = await post<GenerationsStarted>(addressOf(projectId), {
          ...order,
          order_id: id,
          max_cost: limits.maxCost,
          ignore_room: limits.ignoreRoom ?? false,
        });
        forget(id);
        hear(client, "generation", started.generations, asOf);
        return started;
      } catch (error) {
        if (isRefusal(error)) forget(id);
        throw error;
      }
    },
  });
}

/** What the studio would refuse is said without sending the order. */
async function check(order: Order): Promise<void> {
  const { items } = await askQuote(order);
  const refused = items.find((item) => item.problem !== null)?.problem;
  if (refused) throw new ProblemError(refused, null);
}

/** More than one part of the page orders. */
const SENDING = ["order"];
const LOOK_AGAIN_MS = 1000;

/**
 * Asks what became of an order whose answer was lost, such as by a reload, until that is answered.
 * Never orders. `onKnown` hears how many takes came of it; none when it has not arrived.
 */
export function useLostOrder(
  projectId: string,
  sentAt: number,
  onKnown: (arrived: number) => void,
): void {
  const client = useQueryClient();
  const isSending = useIsMutating({ mutationKey: SENDING }) > 0;
  const sent = useSentOrder();
  const id = sent?.projectId === projectId ? sent.id : null;
  const { data } = useQuery({
    queryKey: ["order", id, sentAt],
    enabled: id !== null && !isSending,
    queryFn: async ({ signal }) => {
      const asOf = now();
      const placed = await findOrder(id ?? "", signal);
      if (placed) hear(client, "generation", placed.generations, asOf);
      return { id: id ?? "", arrived: placed?.generations.length ?? 0 };
    },
    retry: true,
    retryDelay: LOOK_AGAIN_MS,
    gcTime: 0,
  });
  const known = data ?? null;
  const tell = useEffectEvent(onKnown);
  useEffect(() => {
    if (known === null) return;
    tell(known.arrived);
    if (known.arrived > 0) forget(known.id);
  }, [known]);
}

async function findOrder(id: string, signal: AbortSignal): Promise<PlacedOrder | null> {
  try {
    return await get<PlacedOrder>(`/api/orders/${encodeURIComponent(id)}`, signal);
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === "order_not_found") return null;
    throw error;
  }
}

/** Answers after which it is not known what became of the order. */
const OPEN = ["unexpected", "answer_unreadable", "refused"];

/** Whether the studio has said that nothing was ordered. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof ProblemError)) return false;
  return error.status !== null && !OPEN.includes(error.problem.code);
}

function addressOf(projectId: string): string {
  return `/api/projects/${encodeURIComponent(projectId)}/generations`;
}
