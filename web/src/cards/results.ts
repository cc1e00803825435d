/** What came of an act, in words. */
import type { CancelResult, Generation, RecoveryResult, RecoveryResults } from "../api/shapes";
import type { ToastOrder } from "../components/toasts";
import { counted } from "../format/words";

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

export function recoveriesResult({ items, saved, not_saved }: RecoveryResults): Result {
  if (items.length === 0) return { title: "There was nothing left to do.", level: "info" };
  if (not_saved === 0) return { title: `${saved} saved.`, level: "success" };
  const going = items.filter(({ under_way }) => under_way).length;
  const title =
    going === not_saved
      ? `${saved} saved. ${counted(going, "attempt")} still under way.`
      : `${saved} saved, ${not_saved} not.`;
  const first = items.find(({ error }) => error !== null)?.error ?? null;
  return { title, ...inTheWay(first), level: going === not_saved ? "info" : "warning" };
}

export function relinkResult({ state, error }: RecoveryResult): Result {
  if (state === "saved") return { title: "Relinked. The file was copied here.", level: "success" };
  return { title: "It was not relinked.", ...inTheWay(error), level: "warning" };
}

/** After looking, or giving up, once. */
export function settleResult({ state, problem }: Generation): Result {
  if (state === "unconfirmed") {
    return {
      title: "The provider does not list it.",
      ...(problem ? { detail: problem.remedy } : {}),
      level: "info",
    };
  }
  if (state === "failed") return { title: "Given up. Nothing was sent again.", level: "success" };
  return { title: "Found at the provider. It goes on from there.", level: "success" };
}

function inTheWay(error: RecoveryResult["error"]): { detail?: string } {
  return error === null ? {} : { detail: [error.message, error.remedy].filter(Boolean).join(" ") };
}
