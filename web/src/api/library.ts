/** The library as the studio lists it: items by their place, near what is looked at. */
import { keepPreviousData, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import {
  type Address,
  type Filters,
  NO_FILTERS,
  writeFilters,
  writeView,
} from "../address/address";
import { type Card, cardOfItem } from "../cards/card";
import {
  entriesOf,
  type ItemsAt,
  type LoadedPage,
  PAGE_SIZE,
  pagesFor,
  type Range,
} from "./library-pages";
import { LIBRARY, now, useHeard } from "./live";
import { get } from "./request";
import type { Asset, Facets, Generation, LibraryItem, LibraryPage } from "./shapes";

/** What is listed and in which order; a part of the address. */
export interface LibraryQuery extends Filters, Pick<Address, "grouped" | "sort" | "trashed"> {
  /** Null for all projects. */
  projectId: string | null;
}

export interface Library {
  /** How many there are; null until it is known. */
  total: number | null;
  hidden: LibraryPage["hidden"] | null;
  /** The card at this place; null while it is on its way. */
  cardAt: (index: number) => Card | null;
  /** Where a card stands, among those that are here. */
  indexOf: (cardId: string) => number | null;
  /** Brings the card at this place, wherever it is. */
  bring: (index: number) => Promise<Card | null>;
  /** Says which places are looked at. */
  show: (range: Range) => void;
  /** Whether what is shown still answers the question before. */
  isChanging: boolean;
  error: Error | null;
}

const SOON_FORGOTTEN_MS = 15_000;

export function queryOf(address: Address, projectId: string): LibraryQuery {
  return { ...address, projectId: address.everywhere ? null : projectId };
}

/** Everything that a project has, newest first. */
export const wholeProject = (projectId: string): LibraryQuery => ({
  ...NO_FILTERS,
  grouped: false,
  sort: "newest",
  trashed: false,
  projectId,
});

export function useLibrary(query: LibraryQuery): Library {
  const client = useQueryClient();
  const asked = asText(query);
  const [range, setRange] = useState<Range>({ first: 0, last: PAGE_SIZE - 1 });
  const [size, setSize] = useState<{ asked: string; total: number } | null>(null);
  const known = size?.asked === asked ? size.total : null;
  const found = useQueries({
    queries: pagesFor(range, known).map((number) => pageQuery(asked, number)),
    combine: gather,
  });
  // Right after the question has changed, what was found may still be the answer before.
  const answers = found.pages.filter((page) => page.asked === asked);
  const settled = useRef({ asked, pages: answers });
  const isNews =
    answers.length !== settled.current.pages.length ||
    answers.some((page, at) => page !== settled.current.pages[at]);
  if (answers.length > 0 && isNews) settled.current = { asked, pages: answers };
  const isChanging = settled.current.asked !== asked;
  const { pages } = settled.current;

  const generations = useHeard<Generation>("generation");
  const assets = useHeard<Asset>("asset");
  const drawn = useRef<ReadonlyMap<string, Card>>(new Map());
  const cards = useMemo(() => {
    const entries = entriesOf(pages, generations, assets);
    const byIndex = new Map<number, Card>();
    for (const [index, item] of entries)
      byIndex.set(index, sameOr(drawn.current, cardOfItem(item)));
    drawn.current = new Map([...byIndex.values()].map((card) => [card.id, card]));
    return byIndex;
  }, [pages, generations, assets]);
  const places = useMemo(
    () => new Map([...cards].map(([index, card]) => [card.id, index])),
    [cards],
  );

  const newest = pages.reduce<LoadedPage | null>(
    (best, page) => (best && best.asOf > page.asOf ? best : page),
    null,
  );
  const total = newest?.total ?? null;
  useEffect(() => {
    if (total !== null && !isChanging) setSize({ asked, total });
  }, [asked, total, isChanging]);
  const cardAt = useCallback((index: number) => cards.get(index) ?? null, [cards]);
  const indexOf = useCallback((id: string) => places.get(id) ?? null, [places]);
  const bring = useCallback(
    async (index: number) => {
      const here = cards.get(index);
      if (here) return here;
      const page = await client.fetchQuery(pageQuery(asked, Math.floor(index / PAGE_SIZE)));
      const item = page.items[index - page.start];
      return item ? cardOfItem(item) : null;
    },
    [client, asked, cards],
  );
  const show = useCallback(
    ({ first, last }: Range) =>
      setRange((before) => (isSame(before, { first, last }) ? before : { first, last })),
    [],
  );
  return {
    total,
    hidden: newest?.hidden ?? null,
    cardAt,
    indexOf,
    bring,
    show,
    isChanging,
    error: newest ? null : found.error,
  };
}

/** What there is to choose from in the filters. */
export function useFacets(projectId: string | null) {
  return useQuery({
    queryKey: [LIBRARY, "facets", projectId],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams(projectId === null ? {} : { project: projectId });
      return get<Facets>(`/api/library/facets?${query}`, signal);
    },
    placeholderData: keepPreviousData,
  });
}

/** The most pages of the trash that are looked at to say how much room it takes. */
const TRASH_PAGES = 5;
const LARGEST_PAGE = 200;

/** What lies in the trash of all projects. */
export function useTrashContents() {
  return useQuery({
    queryKey: [LIBRARY, "trash"],
    queryFn: async ({ signal }) => {
      let size = 0;
      for (let page = 0; page < TRASH_PAGES; page += 1) {
        const place = `start=${page * LARGEST_PAGE}&limit=${LARGEST_PAGE}`;
        const found = await get<LibraryPage>(`/api/library?trashed=true&${place}`, signal);
        for (const { asset } of found.items) size += bytesHere(asset);
        const seen = found.start + found.items.length;
        if (seen >= found.total) return { total: found.total, size, isAll: true };
        if (page === TRASH_PAGES - 1) return { total: found.total, size, isAll: false };
      }
      return { total: 0, size, isAll: true };
    },
    staleTime: 0,
  });
}

const bytesHere = (asset: Asset | null): number =>
  asset?.media.state === "saved" ? (asset.media.size ?? 0) : 0;

/** One card by its id, wherever it is in the library; undefined while it is not known. */
export function useCard(cardId: string | null): { card: Card | null; error: Error | null } {
  const client = useQueryClient();
  const found = useQuery<ItemsAt>({
    queryKey: [LIBRARY, "item", cardId],
    queryFn: async ({ signal }) => {
      const asOf = now();
      const address = `/api/library/${encodeURIComponent(cardId ?? "")}`;
      const item = await get<LibraryItem>(address, signal);
      return { start: 0, items: [item], asOf };
    },
    enabled: cardId !== null,
    gcTime: SOON_FORGOTTEN_MS,
    placeholderData: () => listed(client.getQueriesData({ queryKey: [LIBRARY, "page"] }), cardId),
  });
  const generations = useHeard<Generation>("generation");
  const assets = useHeard<Asset>("asset");
  const card = useMemo(() => {
    const item = found.data ? entriesOf([found.data], generations, assets).get(0) : undefined;
    return item ? cardOfItem(item) : null;
  }, [found.data, generations, assets]);
  return { card: cardId === null ? null : card, error: found.error };
}

function pageQuery(asked: string, number: number) {
  return {
    queryKey: [LIBRARY, "page", asked, number],
    queryFn: async ({ signal }: { signal: AbortSignal }): Promise<LoadedPage> => {
      const asOf = now();
      const place = `start=${number * PAGE_SIZE}&limit=${PAGE_SIZE}`;
      const page = await get<LibraryPage>(`/api/library?${asked}&${place}`, signal);
      return { ...page, asked, asOf };
    },
    // Pages that nobody looks at are let go, so that memory stays flat.
    gcTime: SOON_FORGOTTEN_MS,
  };
}

function asText(query: LibraryQuery): string {
  const text = new URLSearchParams();
  if (query.projectId !== null) text.set("project", query.projectId);
  writeFilters(text, query);
  // Days are the person's days, not those of the studio's clock.
  if (query.since) text.set("since", midnight(query.since, 0));
  if (query.until) text.set("until", midnight(query.until, 1));
  writeView(text, query);
  return text.toString();
}

function midnight(day: string, daysLater: number): string {
  const moment = new Date(`${day}T00:00:00`);
  moment.setDate(moment.getDate() + daysLater);
  return moment.toISOString();
}

interface Found {
  pages: LoadedPage[];
  error: Error | null;
}

function gather(results: { data: LoadedPage | undefined; error: Error | null }[]): Found {
  return {
    pages: results.flatMap(({ data }) => data ?? []),
    error: results.find(({ error }) => error)?.error ?? null,
  };
}

function listed(pages: [unknown, unknown][], cardId: string | null): ItemsAt | undefined {
  for (const [, page] of pages as [unknown, LoadedPage | undefined][]) {
    const item = page?.items.find(({ id }) => id === cardId);
    if (page && item) return { start: 0, items: [item], asOf: page.asOf };
  }
  return undefined;
}

/** The card that was shown before, where nothing of it has changed: it is not drawn again. */
function sameOr(before: ReadonlyMap<string, Card>, card: Card): Card {
  const same = before.get(card.id);
  if (!same) return card;
  const parts = ["generation", "asset", "takes", "shot", "createdAt"] as const;
  return parts.every((part) => same[part] === card[part]) ? same : card;
}

/** Whether two ranges lie on the same pages: nothing is asked, or drawn, anew between them. */
const isSame = (a: Range, b: Range): boolean =>
  pagesFor(a, null).join() === pagesFor(b, null).join();
