import { useQuery } from "@tanstack/react-query";
import { get } from "./request";
import type { ModelList } from "./shapes";

export const modelsKey = ["models"];

export function useModels() {
  return useQuery({
    queryKey: modelsKey,
    queryFn: ({ signal }) => get<ModelList>("/api/models", signal),
  });
}
