/**
 * What has been heard since the lists were asked for, laid over the lists.
 *
 * A list and the events about its items come by different ways and may overtake each other. Each
 * thing heard is kept with the moment as of which it was true; the later moment wins.
 */
import type { QueryClient } from "@tanstack/react-query";
import { useQuery } from "@tanstack/react-query";

interface Item {
  id: string;
  project_id: string;
}
export interface Heard<T> {
  item: T;
  /** Milliseconds on the page's own clock. */
  asOf: number;
}
export type HeardById<T> = ReadonlyMap<string, Heard<T>>;

export interface Page<T> {
  items: readonly T[];
  /** When the page was asked for: it holds everything that was true then. */
  asOf: number;
}

export type Noun = "generation" | "asset";

const nothing: HeardById<never> = new Map();
const keyOf = (noun: Noun) => ["heard", noun];

export const now = (): number => performance.now();

export function hear<T extends Item>(
  client: QueryClient,
  noun: Noun,
  items: readonly T[],
  asOf: number,
): void {
  client.setQueryData<HeardById<T>>(keyOf(noun), (before) => withHeard(before, items, asOf));
}

export function withHeard<T extends Item>(
  before: HeardById<T> | undefined,
  items: readonly T[],
  asOf: number,
): HeardById<T> {
  const after = new Map(before);
  for (const item of items) {
    if ((after.get(item.id)?.asOf ?? -1) <= asOf) after.set(item.id, { item, asOf });
  }
  return after;
}

export function useHeard<T extends Item>(noun: Noun): HeardById<T> {
  const { data } = useQuery<HeardById<T>>({
    queryKey: keyOf(noun),
    queryFn: () => nothing,
    initialData: nothing,
    gcTime: Number.POSITIVE_INFINITY,
    enabled: false,
    structuralSharing: false,
  });
  return data;
}

/** The pages with everything heard later laid over them, items heard for the first time included. */
export function overlay<T extends Item>(
  pages: readonly Page<T>[],
  heard: HeardById<T>,
  projectId: string,
): T[] {
  const found = new Map<string, T>();
  for (const page of pages) {
    for (const item of page.items) {
      const later = heard.get(item.id);
      found.set(item.id, later && later.asOf > page.asOf ? later.item : item);
    }
  }
  for (const [id, { item }] of heard) {
    if (!found.has(id) && item.project_id === projectId) found.set(id, item);
  }
  return [...found.values()];
}
