/** The one draft of this window. Looking at a take never changes it: only `fill` and typing do. */
import { useSyncExternalStore } from "react";
import { type Draft, type Filling, filled, readDraft } from "./draft";

const NAME = "rushes.draft";

let current: Draft | null = null;
const listeners = new Set<() => void>();

function read(): Draft {
  current ??= readDraft(parsed(localStorage.getItem(NAME)));
  return current;
}

function write(draft: Draft): void {
  current = draft;
  localStorage.setItem(NAME, JSON.stringify(draft));
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
  const draft = useSyncExternalStore(subscribe, read);
  return { draft, change, fill };
}

function change(make: (draft: Draft) => Draft): void {
  write(make(read()));
}

/** Fills the form because the person asked for it. Calling the result takes it back. */
function fill(projectId: string, part: Filling): () => void {
  const before = read();
  write(filled(before, projectId, part));
  return () => write(before);
}
