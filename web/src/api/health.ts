import { useQuery } from "@tanstack/react-query";
import { get } from "./request";
import type { Health } from "./shapes";

export function useHealth() {
  return useQuery({
    queryKey: ["health"],
    queryFn: ({ signal }) => get<Health>("/api/health", signal),
  });
}
