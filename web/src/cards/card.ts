/** One thing in the library as it is shown: a generation, an asset, or one with the other. */
import type { Asset, Generation, LibraryItem } from "../api/shapes";

export interface Card {
  /** The generation's id where there is one, else the asset's. */
  id: string;
  createdAt: string;
  name: string;
  /** The key of the shot that it is a take of. */
  shot: string | null;
  /** How many takes it stands for: more than one only where takes are grouped. */
  takes: number;
  generation: Generation | null;
  asset: Asset | null;
}

export function cardOfItem(item: LibraryItem): Card {
  const { id, created_at: createdAt, shot, takes, generation, asset } = item;
  return { id, createdAt, name: nameOf(generation, asset), shot, takes, generation, asset };
}

/** The same card with what is known of it now. */
export function withParts(
  card: Card,
  { generation, asset }: Pick<Card, "generation" | "asset">,
): Card {
  return { ...card, name: nameOf(generation, asset), generation, asset };
}

/** Whether the browser can show it: its bytes are here, saved or waiting on the spool's disk. */
export function isPlayable(asset: Asset | null): asset is Asset {
  if (asset === null) return false;
  const { state, held } = asset.media;
  return state === "saved" || (state === "unsaved" && held === "spool");
}

/** Whether there is something to see of it: what was saved once has left its poster. */
export function hasStill(asset: Asset | null): asset is Asset {
  if (asset === null) return false;
  const { kind, media } = asset;
  const wasSaved = media.sha256 !== null && media.held === null;
  return isPlayable(asset) || (kind !== "audio" && wasSaved);
}

function nameOf(generation: Generation | null, asset: Asset | null): string {
  if (generation) return generation.prompt;
  if (asset === null) return "";
  return asset.origin.type === "generated" ? asset.origin.prompt : asset.name;
}
