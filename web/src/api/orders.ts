/** Orders: what may cost money. Each has an id, so that a lost answer never buys anything twice. */
import { useIsMutating, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { hear, now } from "./live";
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

/** More than one part of the page orders. */
const SENDING = ["order"];
const LOOK_AGAIN_MS = 1000;

/**
 * What became of an order whose answer was lost, such as by a reload: asked until it is answered.
 * Never orders.
 */
export function useLostOrder(projectId: string) {
  const client = useQueryClient();
  const isSending = useIsMutating({ mutationKey: SENDING }) > 0;
  const sent = useSentOrder();
  const id = sent?.projectId === projectId ? sent.id : null;
  const { data } = useQuery({
    queryKey: ["order", id],
    enabled: id !== null && !isSending,
    queryFn: async ({ signal }) => {
      const asOf = now();
      const placed = await findOrder(id ?? "", signal);
      if (placed === null) return { id, arrived: 0 };
      hear(client, "generation", placed.generations, asOf);
      forget(id ?? "");
      return { id, arrived: placed.generations.length };
    },
    retry: true,
    retryDelay: LOOK_AGAIN_MS,
    gcTime: 0,
  });
  return data ?? null;
}

async function findOrder(id: string, signal: AbortSignal): Promise<PlacedOrder | null> {
  try {
    return await get<PlacedOrder>(`/api/orders/${encodeURIComponent(id)}`, signal);
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === "order_not_found") return null;
    throw error;
  }
}

/** Whether the studio has said that nothing was ordered. */
function isRefusal(error: unknown): boolean {
  return error instanceof ProblemError && error.status !== null && error.status < 500;
}

function addressOf(projectId: string): string {
  return `/api/projects/${encodeURIComponent(projectId)}/generations`;
}
