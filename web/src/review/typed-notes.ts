/** Notes that were typed and are not stored yet: by asset, in this window, through a reload. */
import { useSyncExternalStore } from "react";

export interface TypedNote {
  text: string;
  /** It was sent, and could not be stored. */
  isRefused: boolean;
}
type Notes = Readonly<Record<string, TypedNote>>;

const NAME = "rushes.typed-notes";
let current: Notes | null = null;
const listeners = new Set<() => void>();

export const useTypedNote = (assetId: string): TypedNote | null =>
  useSyncExternalStore(subscribe, () => typedNote(assetId));

export const typedNote = (assetId: string): TypedNote | null => read()[assetId] ?? null;

export const typedNotes = (): string[] => Object.keys(read());

export function typeNote(assetId: string, text: string): void {
  write({ ...read(), [assetId]: { text, isRefused: false } });
}

/** What was typed since it was sent is not stored with it. */
export function noteIsStored(assetId: string, text: string): void {
  if (typedNote(assetId)?.text === text) dropNote(assetId);
}

export function noteIsRefused(assetId: string): void {
  const note = typedNote(assetId);
  if (note) write({ ...read(), [assetId]: { ...note, isRefused: true } });
}

export function dropNote(assetId: string): void {
  const { [assetId]: _dropped, ...others } = read();
  write(others);
}

function read(): Notes {
  current ??= readNotes(sessionStorage.getItem(NAME));
  return current;
}

function write(notes: Notes): void {
  current = notes;
  const texts = Object.entries(notes).map(([id, { text }]) => [id, text] as const);
  if (texts.length === 0) sessionStorage.removeItem(NAME);
  else sessionStorage.setItem(NAME, JSON.stringify(Object.fromEntries(texts)));
  for (const listener of listeners) listener();
}

/** What a reload has left is not known to be stored. */
export function readNotes(kept: string | null): Notes {
  const texts: unknown = kept === null ? {} : JSON.parse(kept);
  return Object.fromEntries(
    Object.entries(texts as Record<string, string>).map(([id, text]) => [
      id,
      { text, isRefused: true },
    ]),
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
