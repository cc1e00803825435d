/**
 * What has been heard since the lists were asked for, laid over the lists.
 *
 * A list and the events about its items come by different ways and may overtake each other. Each
 * thing heard is kept with the moment as of which it was true; the later moment wins. Which items
 * are listed, and in which order, the studio decides: the lists are asked for again when something
 * was heard that may change it.
 */
import type { QueryClient, QueryFilters, QueryKey } from "@tanstack/react-query";
import { useQuery } from "@tanstack/react-query";
import type { Asset, Generation } from "./shapes";

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

/** The first word of every key under which a part of the library is kept. */
export const LIBRARY = "library";

/** More is not kept: the lists are asked for again instead. */
const MOST_HEARD = 2000;
const QUIET_MS = 250;

const nothing: HeardById<never> = new Map();
const keyOf = (noun: Noun) => ["heard", noun];

export const now = (): number => performance.now();

export function hear<T extends Item>(
  client: QueryClient,
  noun: Noun,
  items: readonly T[],
  asOf: number,
): void {
  const before = client.getQueryData<HeardById<T>>(keyOf(noun)) ?? nothing;
  const after = withHeard(before, items, asOf);
  if (after.size > MOST_HEARD) {
    client.setQueryData<HeardById<T>>(keyOf(noun), nothing);
    void askAgain(client);
    return;
  }
  client.setQueryData<HeardById<T>>(keyOf(noun), after);
  const isListedAnew = items.some(({ id }) => listing(after.get(id)) !== listing(before.get(id)));
  if (isListedAnew) listAgain(client);
}

/** Everything that was asked for is asked for again; what was heard stays over it until then. */
export function askAgain(client: QueryClient): Promise<void> {
  return refresh(client, { predicate: ({ queryKey }) => queryKey[0] !== "heard" });
}

/**
 * What is on its way for the first time is not asked for anew by an invalidation, and its answer may
 * be older than what has just been heard: it is asked for once more when it has come.
 */
async function refresh(client: QueryClient, which: QueryFilters): Promise<void> {
  const coming = client
    .getQueryCache()
    .findAll({ ...which, fetchStatus: "fetching" })
    .filter(({ state }) => state.data === undefined);
  await client.invalidateQueries(which);
  if (coming.length === 0) return;
  await client.invalidateQueries({ predicate: (query) => coming.includes(query) });
}

/** After something was heard: an answer that is on its way may be older, so it is not the last. */
export function outrun(client: QueryClient, queryKey: QueryKey): void {
  if (client.isFetching({ queryKey }) > 0) void refresh(client, { queryKey });
}

const listings = new WeakMap<QueryClient, { isDue: boolean }>();

/** Asks for the library again: at once, and then not more often than the studio answers. */
export function listAgain(client: QueryClient): void {
  const running = listings.get(client);
  if (running) {
    running.isDue = true;
    return;
  }
  const turn = { isDue: false };
  listings.set(client, turn);
  void refresh(client, { queryKey: [LIBRARY] })
    .then(() => new Promise((resolve) => window.setTimeout(resolve, QUIET_MS)))
    .then(() => {
      listings.delete(client);
      if (turn.isDue) listAgain(client);
    });
}

/** What decides where and under which filters an item is listed. Progress does not. */
export function listing(heard: Heard<unknown> | undefined): string {
  if (!heard) return "";
  const item = heard.item as Generation | Asset;
  if ("media" in item) {
    const { media, trashed_at, rating, flag, duration, name } = item;
    return JSON.stringify([media.state, media.size, trashed_at, rating, flag, duration, name]);
  }
  return JSON.stringify([item.state, item.asset_id]);
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
