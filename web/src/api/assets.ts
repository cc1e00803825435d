import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { hear, now } from "./live";
import { patch, postFiles, upload } from "./request";
import type { Asset, ImportResult } from "./shapes";

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
