/** Pages of the library by their place, with what was heard later laid over them. */
import type { HeardById } from "./live";
import type { Asset, Generation, LibraryItem, LibraryPage } from "./shapes";

export const PAGE_SIZE = 60;

/** Places that are looked at, both ends included. */
export interface Range {
  first: number;
  last: number;
}

export interface ItemsAt {
  start: number;
  items: readonly LibraryItem[];
  /** When it was asked for: it holds everything that was true then. */
  asOf: number;
}

export interface LoadedPage extends ItemsAt {
  /** The question that it answers. */
  asked: string;
  total: number;
  hidden: LibraryPage["hidden"];
}

/** The pages that hold a range, and one more on each side where there is one. */
export function pagesFor({ first, last }: Range, total: number | null): number[] {
  const from = Math.max(0, Math.floor(first / PAGE_SIZE) - 1);
  const looked = Math.floor(Math.max(first, last) / PAGE_SIZE);
  const final = total === null ? looked : Math.max(0, Math.ceil(total / PAGE_SIZE) - 1);
  const until = Math.max(from, Math.min(looked + 1, final));
  return Array.from({ length: until - from + 1 }, (_, step) => from + step);
}

/** Each item once, by its place: pages that were asked for one after the other may overlap. */
export function entriesOf(
  pages: readonly ItemsAt[],
  generations: HeardById<Generation>,
  assets: HeardById<Asset>,
): Map<number, LibraryItem> {
  const entries = new Map<number, LibraryItem>();
  const shown = new Set<string>();
  for (const page of pages.toSorted((a, b) => b.asOf - a.asOf)) {
    page.items.forEach((item, step) => {
      const index = page.start + step;
      if (shown.has(item.id) || entries.has(index)) return;
      shown.add(item.id);
      entries.set(index, overlaid(item, page.asOf, generations, assets));
    });
  }
  return entries;
}

function overlaid(
  item: LibraryItem,
  asOf: number,
  generations: HeardById<Generation>,
  assets: HeardById<Asset>,
): LibraryItem {
  const { generation, asset } = latest(item, asOf, generations, assets);
  if (generation === item.generation && asset === item.asset) return item;
  return { ...item, generation, asset };
}

interface Parts {
  generation: Generation | null;
  asset: Asset | null;
}

/** Both parts of an item with what was heard of them since. */
export function latest(
  before: Parts,
  asOf: number,
  generations: HeardById<Generation>,
  assets: HeardById<Asset>,
): Parts {
  const generation = later(generations, before.generation?.id, asOf) ?? before.generation;
  const assetId = before.asset?.id ?? generation?.asset_id;
  return { generation, asset: later(assets, assetId, asOf) ?? before.asset };
}

function later<T>(heard: HeardById<T>, id: string | null | undefined, asOf: number): T | null {
  const found = id ? heard.get(id) : undefined;
  return found && found.asOf > asOf ? found.item : null;
}
