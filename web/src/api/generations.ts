import { useMutation, useQueryClient } from "@tanstack/react-query";
import { hear, now } from "./live";
import { post } from "./request";
import type { CancelResult, Generation } from "./shapes";

export function useCancelGeneration() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => {
      const asOf = now();
      const address = `/api/generations/${encodeURIComponent(id)}/cancel`;
      const result = await post<CancelResult>(address, {});
      hear(client, "generation", [result.generation], asOf);
      return result.outcome;
    },
  });
}

export type Decision = "look" | "give_up";

/** Look whether the provider has an order whose answer was lost, or give it up. Never orders. */
export function useSettle() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, decision }: { id: string; decision: Decision }) => {
      const asOf = now();
      const address = `/api/generations/${encodeURIComponent(id)}/settle`;
      const generation = await post<Generation>(address, { decision });
      hear(client, "generation", [generation], asOf);
      return generation;
    },
  });
}
