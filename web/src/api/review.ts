/** What a person says about an asset, and what is asked about the file of one. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { hear, now } from "./live";
import { get, patch, post } from "./request";
import type { Asset, AssetFile } from "./shapes";

export interface Verdict {
  rating?: number;
  flag?: Asset["flag"];
}

const address = (assetId: string, what = ""): string =>
  `/api/assets/${encodeURIComponent(assetId)}${what}`;

/** Shown at once; taken back where the studio refuses it. */
export function useVerdict() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ asset, verdict }: { asset: Asset; verdict: Verdict }) => {
      const asOf = now();
      hear(client, "asset", [{ ...asset, ...verdict }], asOf);
      const body = "flag" in verdict ? { ...verdict, flag: verdict.flag ?? "none" } : verdict;
      try {
        const changed = await patch<Asset>(address(asset.id), body);
        hear(client, "asset", [changed], asOf);
        return changed;
      } catch (error) {
        hear(client, "asset", [asset], now());
        throw error;
      }
    },
  });
}

export function useStoreNotes() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ assetId, notes }: { assetId: string; notes: string }) => {
      const asOf = now();
      hear(client, "asset", [await patch<Asset>(address(assetId), { notes })], asOf);
    },
  });
}

/** Where its bytes lie on the studio's machine. */
export function useAssetFile(asset: Asset) {
  const { id, media } = asset;
  return useQuery({
    queryKey: ["file", id, media.state, media.path],
    queryFn: ({ signal }) => get<AssetFile>(address(id, "/file"), signal),
    enabled: media.path !== null || media.held === "spool",
  });
}

export function useReveal() {
  return useMutation({ mutationFn: (assetId: string) => post(address(assetId, "/reveal"), {}) });
}

/** Keeps one frame as a picture of the same project; the same picture when asked again. */
export function useTakeFrame() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ assetId, at }: { assetId: string; at: "first" | "last" | number }) => {
      const asOf = now();
      const picture = await post<Asset>(address(assetId, "/frames"), { at });
      hear(client, "asset", [picture], asOf);
      return picture;
    },
  });
}
