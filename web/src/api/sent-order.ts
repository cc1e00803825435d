/**
 * The order that was sent and not answered yet, as this window remembers it through a reload.
 *
 * Each order has an id of its own. As long as its answer is out, the same order has the same id:
 * sent again, it orders nothing twice.
 */
import { useSyncExternalStore } from "react";

export interface SentOrder {
  id: string;
  projectId: string;
  /** What was ordered, to tell it from another order. */
  content: string;
}

const NAME = "rushes.sent-order";
const listeners = new Set<() => void>();

export function idFor(projectId: string, content: string): string {
  const sent = sentOrder();
  if (sent?.projectId === projectId && sent.content === content) return sent.id;
  const id = newId();
  keep({ id, projectId, content });
  return id;
}

/** Its answer is there. */
export function forget(id: string): void {
  if (sentOrder()?.id === id) keep(null);
}

export function useSentOrder(): SentOrder | null {
  const text = useSyncExternalStore(subscribe, kept);
  return read(text);
}

function sentOrder(): SentOrder | null {
  return read(kept());
}

function kept(): string | null {
  return sessionStorage.getItem(NAME);
}

function keep(sent: SentOrder | null): void {
  if (sent === null) sessionStorage.removeItem(NAME);
  else sessionStorage.setItem(NAME, JSON.stringify(sent));
  for (const listener of listeners) listener();
}

function read(text: string | null): SentOrder | null {
  if (text === null) return null;
  const { id, projectId, content } = JSON.parse(text) as SentOrder;
  return { id, projectId, content };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** 128 random bits. `randomUUID` is not there on every address that a studio may have. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
