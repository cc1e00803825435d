import type { QueryClient } from "@tanstack/react-query";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { outrun } from "./live";
import { get, post } from "./request";
import type { Notice, NoticeAction, NoticeList, RecoveryResults } from "./shapes";

const key = ["notices"];
const pastKey = ["notices-of-all-time"];

/** What needs a person now, newest first. */
export function useNotices() {
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) => get<NoticeList>("/api/notices", signal),
    select: openOnes,
  });
}

/** What needed a person once: it was dismissed, or its cause is gone. */
export function usePastNotices(isWanted: boolean) {
  return useQuery({
    queryKey: pastKey,
    queryFn: ({ signal }) => get<NoticeList>("/api/notices?closed=true", signal),
    select: pastOnes,
    enabled: isWanted,
  });
}

export function useDismiss() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ids: readonly string[] | null) =>
      post<NoticeList>("/api/notices/dismiss", { ids }),
    onSuccess: ({ items }) => {
      for (const notice of items) hearNotice(client, notice);
    },
  });
}

/** Does what a notice offers, and tells what came of it. Nothing that a notice offers costs. */
export function useNoticeAction() {
  return useMutation({
    mutationFn: ({ href }: NoticeAction) => post<RecoveryResults>(href, {}),
  });
}

/** A notice as it is now, from an answer or an event. */
export function hearNotice(client: QueryClient, notice: Notice): void {
  client.setQueryData<NoticeList>(key, (list) => list && withNotice(list, notice));
  outrun(client, key);
  void client.invalidateQueries({ queryKey: pastKey });
}

const openOnes = ({ items }: NoticeList): Notice[] => items.filter(({ open }) => open);
const pastOnes = ({ items }: NoticeList): Notice[] => items.filter(({ open }) => !open);

function withNotice({ items }: NoticeList, notice: Notice): NoticeList {
  const others = items.filter(({ id }) => id !== notice.id);
  const newestFirst = (a: Notice, b: Notice) => b.updated_at.localeCompare(a.updated_at);
  return { items: [notice, ...others].sort(newestFirst) };
}
