import { QueryClient } from "@tanstack/react-query";
import { ProblemError } from "./request";

/** Answers stay fresh until an event changes them; see `use-events.ts`. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: "always", // the studio is on this machine: being offline does not matter
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 3 && isUnreachable(error),
        retryDelay: (attempt) => 500 * 2 ** attempt,
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
}

function isUnreachable(error: Error): boolean {
  return error instanceof ProblemError && error.status === null;
}
