import { mediaAddress } from "../api/assets";
import { usePlayback } from "../api/playback";
import { problemOf } from "../api/request";
import type { Asset, Playback } from "../api/shapes";
import { isPlayable } from "../cards/card";
import type { Loaded } from "./evidence";

/**
 * What a player loads, null while that is being asked; and what else the studio said of it.
 *
 * What is here comes from our own address: it plays at once, without a question first. Everything
 * else the studio decides.
 */
export function useSource(asset: Asset | null): Source {
  const isHere = isPlayable(asset);
  const { data, error } = usePlayback(isHere ? null : asset);
  const loaded = loadedOf(asset, data, error);
  return { loaded, playback: isHere ? null : (data ?? null) };
}

export interface Source {
  loaded: Loaded | null;
  playback: Playback | null;
}

function loadedOf(
  asset: Asset | null,
  data: Playback | undefined,
  error: Error | null,
): Loaded | null {
  if (asset === null) return null;
  if (isPlayable(asset)) return ours(asset);
  if (data) {
    const { source, address, crossorigin, reason } = data;
    return { source, address, crossorigin, reason };
  }
  if (!error) return null;
  return { source: "none", address: null, crossorigin: null, reason: problemOf(error) };
}

function ours({ id, media }: Asset): Loaded {
  const source = media.state === "saved" ? "local" : "spool";
  return { source, address: mediaAddress(id), crossorigin: null, reason: null };
}
