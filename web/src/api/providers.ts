/** Whether a provider can be used now. The key itself never comes here. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { modelsKey } from "./models";
import { post } from "./request";
import type { ProviderLook } from "./shapes";

const LOOK_EVERY_MS = 1500;

/** Has the studio look for the provider's key: when the page is returned to, and while watching. */
export function useProviderLook(provider: string, { isWatching }: { isWatching: boolean }) {
  const client = useQueryClient();
  const look = useQuery({
    queryKey: ["provider", provider],
    queryFn: ({ signal }) => post<ProviderLook>(`/api/providers/${provider}/look`, {}, signal),
    staleTime: 0,
    refetchInterval: ({ state }) =>
      isWatching && state.data?.problem !== null ? LOOK_EVERY_MS : false,
    refetchOnWindowFocus: "always",
    retry: false,
  });
  const isThere = look.data?.problem === null;
  useEffect(() => {
    if (isThere) void client.invalidateQueries({ queryKey: modelsKey });
  }, [isThere, client]);
  return { isThere, problem: look.data?.problem ?? null };
}
