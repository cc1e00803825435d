import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { hear, now, overlay, type Page, useHeard } from "./live";
import { get, patch, postFiles, upload } from "./request";
import type { Asset, AssetList, ImportResult } from "./shapes";

const PAGE_SIZE = 60;

interface AssetPage extends Page<Asset> {
  next: string | null;
}

async function getPage(
  projectId: string,
  cursor: string | null,
  signal: AbortSignal,
): Promise<AssetPage> {
  const asOf = now();
  const query = new URLSearchParams({ project: projectId, limit: String(PAGE_SIZE) });
  if (cursor) query.set("cursor", cursor);
  const list = await get<AssetList>(`/api/assets?${query}`, signal);
  return { items: list.items, next: list.next_cursor, asOf };
}

/** The project's assets as far as they have been asked for, kept in step by events. */
export function useAssets(projectId: string) {
  const query = useInfiniteQuery({
    queryKey: ["assets", projectId],
    queryFn: ({ pageParam, signal }) => getPage(projectId, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const heard = useHeard<Asset>("asset");
  const pages = query.data?.pages;
  const items = useMemo(
    () => overlay(pages ?? [], heard, projectId).filter((asset) => asset.trashed_at === null),
    [pages, heard, projectId],
  );
  return { query, items };
}

export function useImportFiles(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (files: readonly File[]) => {
      const asOf = now();
      const address = `/api/projects/${encodeURIComponent(projectId)}/imports`;
      const { assets } = await postFiles<ImportResult>(address, files);
      hear(client, "asset", assets, asOf);
      return assets;
    },
  });
}

/** Brings one file into the project, and says how many bytes of it have been sent. */
export function useImportFile(projectId: string) {
  const client = useQueryClient();
  return useCallback(
    async (file: File, onSent: (bytes: number) => void) => {
      const asOf = now();
      const address = `/api/projects/${encodeURIComponent(projectId)}/imports`;
      const { assets } = await upload<ImportResult>(address, file, onSent);
      hear(client, "asset", assets, asOf);
    },
    [client, projectId],
  );
}

/** Into the trash, or out of it: its file stays. */
export function useTrash() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ ids, trashed }: { ids: readonly string[]; trashed: boolean }) => {
      const moved = await Promise.allSettled(
        ids.map(async (id) => {
          const asOf = now();
          const asset = await patch<Asset>(`/api/assets/${encodeURIComponent(id)}`, { trashed });
          hear(client, "asset", [asset], asOf);
        }),
      );
      const refused = moved.filter(({ status }) => status === "rejected");
      if (refused.length === ids.length && refused[0]) throw refusalOf(refused[0]);
      return { moved: ids.length - refused.length, refused: refused.map(refusalOf) };
    },
  });
}

const refusalOf = (result: PromiseSettledResult<unknown>): unknown =>
  result.status === "rejected" ? result.reason : null;

export const mediaAddress = (assetId: string): string => `/media/${encodeURIComponent(assetId)}`;
export const posterAddress = (assetId: string): string => `${mediaAddress(assetId)}/poster`;
