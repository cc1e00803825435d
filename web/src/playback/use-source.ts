import { mediaAddress } from "../api/assets";
import { usePlayback } from "../api/playback";
import { problemOf } from "../api/request";
import type { Asset } from "../api/shapes";
import { isPlayable } from "../cards/card";
import type { Loaded } from "./evidence";

/**
 * What a player loads; null while that is being asked.
 *
 * What is here comes from our own address: it plays at once, without a question first. Everything
 * else the studio decides.
 */
export function useSource(asset: Asset | null): Loaded | null {
  const isHere = isPlayable(asset);
  const { data, error } = usePlayback(isHere ? null : asset);
  if (asset === null) return null;
  if (isHere) return ours(asset);
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
