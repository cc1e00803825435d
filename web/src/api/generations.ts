import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { hear, now, overlay, type Page, useHeard } from "./live";
import { get, post } from "./request";
import type { CancelResult, Generation, GenerationList } from "./shapes";

const PAGE_SIZE = 60;

interface GenerationPage extends Page<Generation> {
  next: string | null;
}

async function getPage(
  projectId: string,
  cursor: string | null,
  signal: AbortSignal,
): Promise<GenerationPage> {
  const asOf = now();
  const query = new URLSearchParams({ project: projectId, limit: String(PAGE_SIZE) });
  if (cursor) query.set("cursor", cursor);
  const list = await get<GenerationList>(`/api/generations?${query}`, signal);
  return { items: list.items, next: list.next_cursor, asOf };
}

/** The project's generations as far as they have been asked for, kept in step by events. */
export function useGenerations(projectId: string) {
  const query = useInfiniteQuery({
    queryKey: ["generations", projectId],
    queryFn: ({ pageParam, signal }) => getPage(projectId, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const heard = useHeard<Generation>("generation");
  const pages = query.data?.pages;
  const items = useMemo(() => overlay(pages ?? [], heard, projectId), [pages, heard, projectId]);
  return { query, items };
}

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
