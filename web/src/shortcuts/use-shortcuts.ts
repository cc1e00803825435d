/** A part of the page says what its keys do. The innermost part that knows a command does it. */
import { createContext, useContext, useEffect, useRef, useState } from "react";
import type { Command, CommandId } from "./commands";
import { commandsFor } from "./key-map";

type Run = (event: KeyboardEvent) => void;
export type Handlers = Partial<Record<CommandId, Run>>;

interface Part {
  /** Parts are numbered as they are drawn, so that a child's number is above its parent's. */
  place: number;
  scope: number;
  handlers: { current: Handlers };
}

const OUTSIDE = 0;
let places = OUTSIDE;
const parts = new Set<Part>();
const scopes = new Set<number>();

export const Scope = createContext(OUTSIDE);

function usePlace(): number {
  const [place] = useState(() => {
    places += 1;
    return places;
  });
  return place;
}

export function useShortcuts(
  handlers: Handlers,
  { enabled = true }: { enabled?: boolean } = {},
): void {
  const place = usePlace();
  const scope = useContext(Scope);
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  useEffect(() => {
    if (!enabled) return;
    const part = { place, scope, handlers: latest };
    parts.add(part);
    if (parts.size === 1) document.addEventListener("keydown", press);
    return () => {
      parts.delete(part);
      if (parts.size === 0) document.removeEventListener("keydown", press);
    };
  }, [place, scope, enabled]);
}

/** While it is open, only what lies in it hears keys. Give the result to `Scope`. */
export function useScope(isOpen: boolean): number {
  const place = usePlace();
  useEffect(() => {
    if (!isOpen) return;
    scopes.add(place);
    return () => {
      scopes.delete(place);
    };
  }, [place, isOpen]);
  return place;
}

function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.getModifierState("AltGraph")) return;
  for (const command of commandsFor(event)) {
    if (!isMeant(command, event)) continue;
    const run = innermost(command);
    if (run === undefined) continue;
    event.preventDefault();
    run(event);
    return;
  }
}

function innermost(command: Command): Run | undefined {
  const open = Math.max(OUTSIDE, ...scopes);
  const able = [...parts].filter(
    ({ scope, handlers }) =>
      handlers.current[command.id] !== undefined && (scope === open || command.isOverDialogs),
  );
  const [first] = able.sort((a, b) => b.place - a.place);
  return first?.handlers.current[command.id];
}

const WRITING =
  'input:not([type="checkbox"], [type="radio"], [type="button"], [type="range"]), textarea, select, [contenteditable]:not([contenteditable="false"])';
const CHOOSING = '[role="menu"], [role="listbox"], [role="combobox"]';
const PRESSED =
  'button, a[href], summary, input:not([type="range"]), [role="button"], [role="switch"]';
const ARROWED =
  '[role="slider"], [role="tab"], [role="radio"], input[type="range"], video[controls]';

/** Whether the key is for the page, and not for what has the focus. */
function isMeant(command: Command, event: KeyboardEvent): boolean {
  const { target, code, repeat } = event;
  if (repeat && !command.isRepeating) return false;
  if (!(target instanceof Element)) return true;
  if (target.closest(WRITING)) return command.isInFields === true;
  if (target.closest(CHOOSING)) return false;
  if (event.ctrlKey || event.metaKey) return true; // no control is pressed by these
  if (code === "Enter" || code === "Space") return !target.closest(PRESSED);
  return !(code.startsWith("Arrow") && target.closest(ARROWED));
}
