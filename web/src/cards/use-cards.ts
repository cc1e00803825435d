import { useMemo } from "react";
import { useAssets } from "../api/assets";
import { useGenerations } from "../api/generations";
import type { Card } from "./card";
import { mergeCards } from "./merge-cards";

export interface Cards {
  cards: Card[];
  isLoading: boolean;
  error: Error | null;
  hasOlder: boolean;
  showOlder: () => void;
}

/** What the project's library shows, newest first. */
export function useCards(projectId: string): Cards {
  const generations = useGenerations(projectId);
  const assets = useAssets(projectId);
  const queries = [generations.query, assets.query];
  const cards = useMemo(
    () =>
      mergeCards(
        { items: generations.items, isCutOff: generations.query.hasNextPage },
        { items: assets.items, isCutOff: assets.query.hasNextPage },
      ),
    [generations.items, generations.query.hasNextPage, assets.items, assets.query.hasNextPage],
  );
  return {
    cards,
    isLoading: queries.some((query) => query.isPending),
    error: queries.find((query) => query.error)?.error ?? null,
    hasOlder: queries.some((query) => query.hasNextPage),
    showOlder: () => {
      for (const query of queries) if (query.hasNextPage) void query.fetchNextPage();
    },
  };
}
