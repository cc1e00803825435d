import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { post } from "./request";
import type { Order, Quote } from "./shapes";

/** What the order would cost, and why it would be refused. Asking costs nothing. */
export function askQuote(order: Order, signal?: AbortSignal): Promise<Quote> {
  return post<Quote>("/api/quotes", order, signal);
}

export function useQuote(order: Order, enabled = true) {
  return useQuery({
    queryKey: ["quote", order],
    queryFn: ({ signal }) => askQuote(order, signal),
    placeholderData: keepPreviousData,
    gcTime: 30_000,
    enabled,
  });
}
