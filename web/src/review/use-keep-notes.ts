import { useCallback, useEffect } from "react";
import type { Connection } from "../api/event-stream";
import { problemOf } from "../api/request";
import { useStoreNotes } from "../api/review";
import { useAnnounce } from "../components/announcer";
import { STUDIO_AWAY, useToast } from "../components/toasts";
import { dropNote, noteIsRefused, noteIsStored, typedNote, typedNotes } from "./typed-notes";

/** One after the other, so that what was typed last is stored last. */
const underWay = new Set<string>();

/** Stores what was typed about an asset. What cannot be stored stays typed, and is sent again. */
export function useKeepNotes() {
  const { mutateAsync: store } = useStoreNotes();
  const announce = useAnnounce();
  const { toastProblem } = useToast();
  return useCallback(
    async (assetId: string): Promise<void> => {
      if (underWay.has(assetId)) return;
      underWay.add(assetId);
      try {
        for (let note = typedNote(assetId); note; note = typedNote(assetId)) {
          await store({ assetId, notes: note.text });
          // First the page hears what is stored: what was there before is not shown in between.
          await new Promise((heard) => window.setTimeout(heard));
          noteIsStored(assetId, note.text);
          announce("Notes kept.");
        }
      } catch (error) {
        const problem = problemOf(error);
        noteIsRefused(assetId);
        if (problem.code === "asset_not_found") dropNote(assetId); // it was deleted for good
        // That the studio is away is said by the page itself.
        if (problem.code !== STUDIO_AWAY) toastProblem(problem, undefined, `notes-${assetId}`);
      } finally {
        underWay.delete(assetId);
      }
    },
    [store, announce, toastProblem],
  );
}

/** As soon as the studio is there: what it could not store before, and what a reload has left. */
export function useNotesSentAgain(connection: Connection): void {
  const keep = useKeepNotes();
  useEffect(() => {
    if (connection !== "live") return;
    for (const assetId of typedNotes()) void keep(assetId);
  }, [connection, keep]);
}
