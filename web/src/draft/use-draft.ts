/** The one draft of this window. Looking at a take never changes it: only `fill` and typing do. */
import { useSyncExternalStore } from "react";
import { type Draft, EMPTY, type Filling, filled, loses, readDraft } from "./draft";

/** By window; a new window begins with what was written last in any. */
const NAME = "rushes.draft";
const ASIDE = "rushes.draft-aside";
const FILLED = "rushes.draft-is-filled";

interface Kept {
  draft: Draft;
  /** What a filling has written over, until it is brought back or something is ordered. */
  aside: Draft | null;
  /** As the last filling has made it: nothing of the person's is in it. */
  isFilled: boolean;
}

let current: Kept | null = null;
const listeners = new Set<() => void>();

function read(): Kept {
  if (current) return current;
  const own = sessionStorage.getItem(NAME);
  const draft = readDraft(parsed(own ?? localStorage.getItem(NAME)));
  const aside = sessionStorage.getItem(ASIDE);
  const isFilled = sessionStorage.getItem(FILLED) === "true";
  current = { draft, aside: aside === null ? null : readDraft(parsed(aside)), isFilled };
  return current;
}

function write(kept: Kept): void {
  current = kept;
  const text = JSON.stringify(kept.draft);
  sessionStorage.setItem(NAME, text);
  localStorage.setItem(NAME, text);
  sessionStorage.setItem(FILLED, String(kept.isFilled));
  if (kept.aside === null) sessionStorage.removeItem(ASIDE);
  else sessionStorage.setItem(ASIDE, JSON.stringify(kept.aside));
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null; // written by another version of the page: start afresh
  }
}

export function useDraft() {
  const { draft, aside } = useSyncExternalStore(subscribe, read);
  return { draft, change, fill, bringBack: aside && bringBack, forgetAside };
}

function change(make: (draft: Draft) => Draft): void {
  const { draft, aside } = read();
  write({ draft: make(draft), aside, isFilled: false });
}

/** Fills the form because the person asked for it. Calling the result takes it back. */
function fill(projectId: string, part: Filling): () => void {
  const before = read();
  const draft = filled(before.draft, projectId, part);
  const isLoss = !before.isFilled && loses(before.draft, draft);
  write({ draft, aside: isLoss ? before.draft : before.aside, isFilled: true });
  return () => write(before);
}

function bringBack(): void {
  write({ draft: read().aside ?? EMPTY, aside: null, isFilled: false });
}

/** Something was ordered: what stood there before is over. */
function forgetAside(): void {
  if (read().aside) write({ ...read(), aside: null });
}
