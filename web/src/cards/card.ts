/** One thing in the library as it is shown: a generation, an asset, or one with the other. */
import type { Asset, Generation } from "../api/shapes";

export type Card =
  | { id: string; createdAt: string; name: string; generation: Generation; asset: Asset | null }
  | { id: string; createdAt: string; name: string; generation: null; asset: Asset };

export function cardOf(generation: Generation, asset: Asset | null): Card {
  const { id, created_at: createdAt, prompt: name } = generation;
  return { id, createdAt, name, generation, asset };
}

export function cardOfAsset(asset: Asset): Card {
  const { id, created_at: createdAt, origin } = asset;
  const name = origin.type === "generated" ? origin.prompt : asset.name;
  return { id, createdAt, name, generation: null, asset };
}

export const isPlayable = (asset: Asset | null): asset is Asset => asset?.media.state === "saved";
