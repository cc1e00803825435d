import { useCallback, useRef } from "react";
import { useToast } from "../components/toasts";
import type { Filling } from "../draft/draft";
import { useDraft } from "../draft/use-draft";
import type { Rail } from "./use-rail";

export type Fill = (part: Filling, title: string) => void;

/** Fills the form for a person who asked for it elsewhere, and brings them there. */
export function useFilling(projectId: string, { show }: Rail) {
  const { fill } = useDraft();
  const { toast } = useToast();
  const due = useRef<"prompt" | "models" | null>(null);

  const put = useCallback<Fill>(
    (part, title) => {
      const run = fill(projectId, part);
      toast({ title, level: "success", action: { label: "Undo", run }, duration: 10_000 });
      due.current = part.models?.length === 0 ? "models" : "prompt";
    },
    [fill, projectId, toast],
  );
  const arrive = useCallback(() => {
    if (due.current !== null) show(due.current);
    due.current = null;
  }, [show]);

  return {
    /** From the library, which lies beside the form. */
    fillHere: useCallback<Fill>(
      (part, title) => {
        put(part, title);
        arrive();
      },
      [put, arrive],
    ),
    /** From what lies over the form: call `arrive` when it is gone. */
    fillBelow: put,
    isDue: useCallback(() => due.current !== null, []),
    arrive,
  };
}
