import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useMemo,
  useRef,
  useState,
} from "react";
import { useAddress } from "../address/use-address";
import { useTrash } from "../api/assets";
import { useCancelGeneration, useSettle } from "../api/generations";
import { useRecover, useRelink } from "../api/recovery";
import { ProblemError, problemOf } from "../api/request";
import { useToast } from "../components/toasts";
import { capitalized, counted, shortened } from "../format/words";
import type { ActionName } from "./actions";
import type { Card } from "./card";
import { withoutClip } from "./possible";
import { cancelResult, type Result, recoveryResult, relinkResult, settleResult } from "./results";
import { Settling } from "./settling";
import { shownTakeOf } from "./take";

export interface Acts {
  act: (name: ActionName, card: Card) => void;
  trash: (cards: readonly Card[], trashed: boolean) => void;
  /** Whether something that was asked about this card is still on its way. */
  isBusy: (cardId: string) => boolean;
}

const Doing = createContext<Acts>({
  act: () => undefined,
  trash: () => undefined,
  isBusy: () => false,
});

/** What can be done about a card. Each act tells its result. */
export const useActs = () => useContext(Doing);

export function ActsProvider({ children }: { children: ReactNode }) {
  const { toast, toastProblem } = useToast();
  const { change } = useAddress();
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set());
  const [settled, setSettled] = useState<Card | null>(null);
  const { mutateAsync: recover } = useRecover();
  const { mutateAsync: relink } = useRelink();
  const { mutateAsync: cancel } = useCancelGeneration();
  const { mutateAsync: settle } = useSettle();
  const { mutateAsync: move } = useTrash();
  const file = useRef<HTMLInputElement>(null);
  const relinked = useRef<Card | null>(null);

  const doing = useCallback(
    async (card: Card, work: () => Promise<Result>) => {
      setBusy((before) => new Set(before).add(card.id));
      try {
        toast(withTake(card, await work()));
      } catch (error) {
        toastProblem(problemOf(error));
      } finally {
        setBusy((before) => new Set([...before].filter((id) => id !== card.id)));
      }
    },
    [toast, toastProblem],
  );

  const trash = useCallback(
    async (cards: readonly Card[], trashed: boolean) => {
      const movable = cards.filter(({ asset }) => asset !== null);
      const ids = movable.flatMap(({ asset }) => asset?.id ?? []);
      const stayed = withoutClip(cards);
      if (ids.length === 0) {
        if (stayed) toast({ title: "Nothing was moved.", detail: stayed, level: "info" });
        return;
      }
      try {
        const { moved, refused } = await move({ ids, trashed });
        const [first] = movable;
        const what = movable.length === 1 && first ? named(first) : counted(moved, "item");
        const refusal = refused[0]
          ? `${counted(refused.length, "item")} could not be moved. ${problemOf(refused[0]).title}`
          : null;
        const detail = [refusal, stayed].filter(Boolean).join(" ");
        toast({
          title: trashed ? `Moved to the trash: ${what}.` : `Restored: ${what}.`,
          ...(detail ? { detail } : {}),
          level: detail ? "warning" : "success",
          action: { label: "Undo", run: () => void trash(movable, !trashed) },
          duration: 10_000,
        });
      } catch (error) {
        toastProblem(problemOf(error));
      }
    },
    [move, toast, toastProblem],
  );

  const bring = useCallback(
    (card: Card, chosen: File, anyway: boolean) =>
      doing(card, async () => {
        const assetId = card.asset?.id ?? "";
        try {
          return relinkResult(await relink({ assetId, file: chosen, anyway }));
        } catch (error) {
          if (!(error instanceof ProblemError) || error.problem.code !== "relink_other_file")
            throw error;
          return {
            title: error.problem.title,
            detail: error.problem.detail,
            level: "warning",
            duration: null,
            action: { label: "Use it anyway", run: () => void bring(card, chosen, true) },
          };
        }
      }),
    [doing, relink],
  );

  const act = useCallback(
    (name: ActionName, card: Card) => {
      const assetId = card.asset?.id ?? "";
      switch (name) {
        case "retry":
        case "look":
        case "ask":
        case "download": {
          const attempt = name === "download" ? "download" : "retry";
          return void doing(card, async () => recoveryResult(await recover({ assetId, attempt })));
        }
        case "cancel":
          return void doing(card, async () => cancelResult(await cancel(card.id)));
        case "relink":
          relinked.current = card;
          return file.current?.click();
        case "settle":
          return setSettled(card);
        case "find":
          return void doing(card, async () =>
            settleResult(await settle({ id: card.id, decision: "look" })),
          );
        case "takes":
          return change({ shot: card.shot, grouped: false });
        case "why":
          return change({ doctor: card.id });
        case "trash":
          return void trash([card], true);
        case "restore":
          return void trash([card], false);
      }
    },
    [doing, recover, cancel, settle, trash, change],
  );

  const isBusy = useCallback((id: string) => busy.has(id), [busy]);
  const acts = useMemo(() => ({ act, trash, isBusy }), [act, trash, isBusy]);
  return (
    <Doing value={acts}>
      {children}
      <input
        ref={file}
        type="file"
        hidden
        aria-label="File to relink"
        onChange={({ target }) => {
          const [chosen] = target.files ?? [];
          const card = relinked.current;
          if (chosen && card) void bring(card, chosen, false);
          target.value = ""; // so that the same file can be chosen again
        }}
      />
      <Settling card={settled} onClose={() => setSettled(null)} />
    </Doing>
  );
}

/** Of a card that stands for all takes of its shot, which one it was. */
function named(card: Card): string {
  const take = shownTakeOf(card);
  const name = `“${shortened(card.name, 60)}”`;
  return take ? `${take}, ${name}` : name;
}

function withTake(card: Card, result: Result): Result {
  const take = shownTakeOf(card);
  if (!take) return result;
  return { ...result, detail: [`${capitalized(take)}.`, result.detail].filter(Boolean).join(" ") };
}
