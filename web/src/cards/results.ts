/** What came of an act, in words. */
import type { CancelResult, Generation, RecoveryResult } from "../api/shapes";
import type { ToastOrder } from "../components/toasts";

export type Result = ToastOrder;

const CANCELLED: Record<CancelResult["outcome"], Result> = {
  cancelled: { title: "Cancelled.", level: "success" },
  requested: { title: "The provider has been asked to cancel it.", level: "info" },
  too_late: { title: "It was too late to cancel: it goes on.", level: "warning" },
  unknown: { title: "Whether it was cancelled is not known yet.", level: "warning" },
};

export const cancelResult = (outcome: CancelResult["outcome"]): Result => CANCELLED[outcome];

export function recoveryResult({ state, error, under_way }: RecoveryResult): Result {
  if (state === "saved" && error === null) return { title: "Saved.", level: "success" };
  if (under_way) return { title: "It takes longer. It goes on by itself.", level: "info" };
  const title = state === "missing" ? "The file is still not there." : "It is still not saved.";
  return { title, ...inTheWay(error), level: "warning" };
}

export function relinkResult({ state, error }: RecoveryResult): Result {
  if (state === "saved") return { title: "Relinked. The file was copied here.", level: "success" };
  return { title: "It was not relinked.", ...inTheWay(error), level: "warning" };
}

/** After looking, or giving up, once. */
export function settleResult({ state, problem }: Generation): Result {
  if (state === "unconfirmed") {
    const isUnread = problem?.facts?.look_error !== undefined;
    return {
      title: isUnread ? "It could not be looked up." : "The provider does not list it.",
      ...(problem ? { detail: isUnread ? problem.detail : problem.remedy } : {}),
      level: "info",
    };
  }
  if (state === "failed" && problem?.code === "provider_result_gone")
    return { title: "The provider still does not know it.", level: "info" };
  if (state === "failed") return { title: "Given up. Nothing was sent again.", level: "success" };
  return { title: "Found at the provider. It goes on from there.", level: "success" };
}

function inTheWay(error: RecoveryResult["error"]): { detail?: string } {
  return error === null ? {} : { detail: [error.message, error.remedy].filter(Boolean).join(" ") };
}
