/** The images of a project that an order can begin or end with. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { now, overlay, type Page, useHeard } from "./live";
import { get } from "./request";
import type { Asset, AssetList } from "./shapes";

const PAGE_SIZE = 60;

interface AssetPage extends Page<Asset> {
  next: string | null;
}

async function getPage(projectId: string, cursor: string | null, signal: AbortSignal) {
  const asOf = now();
  const query = new URLSearchParams({
    project: projectId,
    kind: "image",
    state: "saved",
    limit: String(PAGE_SIZE),
  });
  if (cursor) query.set("cursor", cursor);
  const list = await get<AssetList>(`/api/assets?${query}`, signal);
  return { items: list.items, next: list.next_cursor, asOf } satisfies AssetPage;
}

export function useImages(projectId: string, { isWanted }: { isWanted: boolean }) {
  const query = useInfiniteQuery({
    queryKey: ["images", projectId],
    queryFn: ({ pageParam, signal }) => getPage(projectId, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    enabled: isWanted,
  });
  const heard = useHeard<Asset>("asset");
  const pages = query.data?.pages;
  const items = useMemo(
    () => overlay(pages ?? [], heard, projectId).filter(isUsable),
    [pages, heard, projectId],
  );
  return { query, items };
}

/** One image by its id; undefined until it is known, or when it is not there. */
export function useImage(id: string | null): Asset | undefined {
  const heard = useHeard<Asset>("asset");
  const { data } = useQuery({
    queryKey: ["image", id],
    queryFn: ({ signal }) => get<Asset>(`/api/assets/${encodeURIComponent(id ?? "")}`, signal),
    enabled: id !== null,
  });
  return heard.get(id ?? "")?.item ?? data;
}

const isUsable = ({ kind, media, trashed_at }: Asset): boolean =>
  kind === "image" && media.state === "saved" && trashed_at === null;
