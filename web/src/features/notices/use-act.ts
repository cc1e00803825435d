import { useCallback } from "react";
import { changeAddress } from "../../address/use-address";
import { useNoticeAction } from "../../api/notices";
import { problemOf } from "../../api/request";
import type { Notice, NoticeAction } from "../../api/shapes";
import { type ToastAction, useToast } from "../../components/toasts";
import { outcomeOf } from "../../format/outcome";
import { placeOf } from "./place-of";

/** What a notice offers, as something to run; nothing where it offers nothing. */
export function useAct() {
  const { mutate, isPending } = useNoticeAction();
  const { toast, toastProblem } = useToast();

  const send = useCallback(
    (action: NoticeAction, id: string) => {
      const again = { label: action.label, run: () => send(action, id) };
      mutate(action, {
        onSuccess: (recovered) => toast({ id: `outcome-${id}`, ...outcomeOf(recovered) }),
        onError: (error) => toastProblem(problemOf(error), again),
      });
    },
    [mutate, toast, toastProblem],
  );

  const actionOf = useCallback(
    (notice: Notice): ToastAction | null => {
      const { id, action } = notice;
      if (action === null) return null;
      if (action.method === "POST") return { label: action.label, run: () => send(action, id) };
      const place = placeOf(notice);
      return place && { label: action.label, run: () => changeAddress(place) };
    },
    [send],
  );
  return { actionOf, isActing: isPending };
}
