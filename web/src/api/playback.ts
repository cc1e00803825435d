/** From where a clip is played, as the studio says; and what it knows of one that does not play. */
import { useQuery } from "@tanstack/react-query";
import { getSlowly, ProblemError, post } from "./request";
import type { Asset, Copy, Explanation, Playback } from "./shapes";

/** As long as the studio itself trusts what a media host has said. */
const FRESH_MS = 30_000;

export const playbackKey = (assetId: string) => ["playback", assetId] as const;

const address = (assetId: string, what: string): string =>
  `/api/assets/${encodeURIComponent(assetId)}/${what}`;

export function getPlayback(
  assetId: string,
  { check = false, signal }: { check?: boolean; signal?: AbortSignal } = {},
): Promise<Playback> {
  return getSlowly(address(assetId, `playback${check ? "?check=true" : ""}`), signal);
}

/** Asked again when the bytes are elsewhere than they were. */
export function usePlayback(asset: Asset | null) {
  const { id, media } = asset ?? { id: "", media: null };
  return useQuery({
    queryKey: [...playbackKey(id), media?.state, media?.held, media?.url],
    queryFn: ({ signal }) => getPlayback(id, { signal }),
    enabled: asset !== null,
    staleTime: FRESH_MS,
  });
}

export const explain = (thing: string, signal?: AbortSignal): Promise<Explanation> =>
  getSlowly(`/api/doctor/assets/${encodeURIComponent(thing)}`, signal);

/** Has a copy made that every browser plays; the same one when asked again. */
export const makeCopy = (assetId: string): Promise<Copy> => post(address(assetId, "proxy"), {});

/** How far the copy is. */
export const getCopy = (assetId: string): Promise<Copy> => getSlowly(address(assetId, "proxy"));

export const isSilence = (error: unknown): boolean =>
  error instanceof ProblemError && error.status === null;
