import { useQuery } from "@tanstack/react-query";
import { get } from "./request";
import type { ModelList } from "./shapes";

export function useModels() {
  return useQuery({
    queryKey: ["models"],
    queryFn: ({ signal }) => get<ModelList>("/api/models", signal),
  });
}
