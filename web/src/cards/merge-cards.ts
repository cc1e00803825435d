/** Two lists, each newest first and perhaps cut off, as one list without gaps. */
import type { Asset, Generation } from "../api/shapes";
import { type Card, cardOf, cardOfAsset } from "./card";

export interface Listing<T> {
  items: readonly T[];
  /** Whether there are older ones that have not been asked for. */
  isCutOff: boolean;
}

export function mergeCards(generations: Listing<Generation>, assets: Listing<Asset>): Card[] {
  const assetById = new Map(assets.items.map((asset) => [asset.id, asset]));
  const cards = generations.items.map((generation) =>
    cardOf(generation, assetById.get(generation.asset_id ?? "") ?? null),
  );
  const shown = new Set(generations.items.map(({ id }) => id));
  for (const asset of assets.items) {
    const source = generationOf(asset);
    if (source !== null && (shown.has(source) || generations.isCutOff)) continue;
    cards.push(cardOfAsset(asset));
  }
  const horizon = Math.max(oldest(generations), oldest(assets));
  return cards.filter((card) => age(card.createdAt) >= horizon).sort(newestFirst);
}

/** Before this moment the list may have gaps: nothing older is shown yet. */
function oldest({ items, isCutOff }: Listing<Generation | Asset>): number {
  if (!isCutOff) return Number.NEGATIVE_INFINITY;
  return Math.min(...items.map((item) => age(item.created_at)));
}

function generationOf({ origin }: Asset): string | null {
  return origin.type === "generated" ? origin.generation_id : null;
}

function newestFirst(a: Card, b: Card): number {
  return age(b.createdAt) - age(a.createdAt) || (a.id < b.id ? 1 : -1);
}

const age = (iso: string): number => Date.parse(iso);
