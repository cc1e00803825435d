/** Bring bytes here because a person asks. Nothing here costs, and everything may be asked twice. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { listAgain } from "./live";
import { post, postFile } from "./request";
import type { RecoveryResult, RecoveryResults, TrashResult } from "./shapes";

export type Attempt = "retry" | "download";

const of = (assetId: string, what: string): string =>
  `/api/assets/${encodeURIComponent(assetId)}/${what}`;

/** Save it again, or bring it from the provider; the events say what becomes of the asset. */
export function useRecover() {
  return useMutation({
    mutationFn: ({ assetId, attempt }: { assetId: string; attempt: Attempt }) =>
      post<RecoveryResult>(of(assetId, attempt), {}),
  });
}

/** The same for everything that a project, or the whole library, has not here. */
export function useRecoverAll() {
  return useMutation({
    mutationFn: ({ projectId, attempt }: { projectId: string | null; attempt: Attempt }) => {
      const only = projectId === null ? "" : `?project=${encodeURIComponent(projectId)}`;
      return post<RecoveryResults>(`/api/assets/${attempt}${only}`, {});
    },
  });
}

export interface Relink {
  assetId: string;
  file: File;
  /** Take it though it is not the file that was saved. */
  anyway?: boolean;
}

export function useRelink() {
  return useMutation({
    mutationFn: ({ assetId, file, anyway = false }: Relink) =>
      postFile<RecoveryResult>(`${of(assetId, "relink")}?anyway=${anyway}`, "file", file),
  });
}

/** Deletes what lies in the trash, for good. */
export function useEmptyTrash() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => post<TrashResult>("/api/trash/empty", {}),
    onSettled: () => listAgain(client),
  });
}
