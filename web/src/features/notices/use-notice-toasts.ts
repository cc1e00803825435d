import { useEffect, useRef } from "react";
import { useNotices } from "../../api/notices";
import type { Notice } from "../../api/shapes";
import { useToast } from "../../components/toasts";
import { useIsVisible } from "../../components/use-is-visible";
import { newsOf } from "./news";
import { useAct } from "./use-act";

/** Shows what comes as toasts, in the window that the person sees. Old ones are in the bell. */
export function useNoticeToasts(): void {
  const { data } = useNotices();
  const isVisible = useIsVisible();
  const { actionOf } = useAct();
  const { toast, close } = useToast();
  const seen = useRef<readonly Notice[] | null>(null);
  const standing = useRef(new Set<string>());

  useEffect(() => {
    if (data === undefined || !isVisible) return;
    const { told, changed, gone } = newsOf(seen.current ?? data, data);
    seen.current = data;
    for (const notice of [...told, ...changed.filter(({ id }) => standing.current.has(id))]) {
      const { id, title, detail, level, duration } = notice;
      const action = actionOf(notice);
      standing.current.add(id);
      const onClose = () => standing.current.delete(id);
      toast({ id, title, detail, level, duration, onClose, ...(action ? { action } : {}) });
    }
    for (const id of gone.filter((each) => standing.current.has(each))) close(id);
  }, [data, isVisible, actionOf, toast, close]);
}
