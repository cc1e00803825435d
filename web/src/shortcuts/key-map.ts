/** Which keys do what in this browser: the table, and what the person has changed about it. */
import { useSyncExternalStore } from "react";
import { COMMANDS, type Command, type CommandId, commandOf, meet } from "./commands";
import { isCharacter, isModifier, matches, type Press } from "./keys";

export interface Changes {
  /** Commands with other keys than the table's; an empty list is none. */
  keys: Readonly<Partial<Record<CommandId, readonly string[]>>>;
  areCharactersOff: boolean;
}

const NAME = "rushes.shortcuts";
const unchanged: Changes = { keys: {}, areCharactersOff: false };

let changes: Changes = read();
const watchers = new Set<() => void>();

const currentChanges = (): Changes => changes;

export const useChanges = (): Changes => useSyncExternalStore(watch, currentChanges);

export function keysOf(id: CommandId, { keys, areCharactersOff }: Changes): readonly string[] {
  const all = keys[id] ?? commandOf(id).keys;
  return areCharactersOff ? all.filter((key) => !isCharacter(key)) : all;
}

export function commandsFor(press: Press, current: Changes = changes): Command[] {
  if (isModifier(press)) return [];
  return COMMANDS.filter(({ id }) => keysOf(id, current).some((key) => matches(key, press)));
}

/** The other command that this key belongs to where this one works, switched off or not. */
export function holderOf(key: string, except: CommandId, { keys }: Changes): Command | null {
  const asked = commandOf(except);
  const holds = ({ id }: Command) => (keys[id] ?? commandOf(id).keys).includes(key);
  const isOther = (command: Command) => command.id !== except && meet(command, asked);
  return COMMANDS.find((command) => isOther(command) && holds(command)) ?? null;
}

export const setKeys = (id: CommandId, keys: readonly string[]): void =>
  keep({ ...changes, keys: { ...changes.keys, [id]: keys } });

export function resetKeys(id: CommandId): void {
  const { [id]: _dropped, ...keys } = changes.keys;
  keep({ ...changes, keys });
}

export const resetAll = (): void => keep(unchanged);

export const setCharactersOff = (areCharactersOff: boolean): void =>
  keep({ ...changes, areCharactersOff });

function keep(next: Changes): void {
  localStorage.setItem(NAME, JSON.stringify(next));
  tell(next);
}

function tell(next: Changes): void {
  changes = next;
  for (const watcher of watchers) watcher();
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  window.addEventListener("storage", follow);
  return () => {
    watchers.delete(watcher);
    if (watchers.size === 0) window.removeEventListener("storage", follow);
  };
}

function follow({ key }: StorageEvent): void {
  if (key === NAME || key === null) tell(read());
}

function read(): Changes {
  if (typeof localStorage === "undefined") return unchanged;
  try {
    return understood(JSON.parse(localStorage.getItem(NAME) ?? "null"));
  } catch {
    return unchanged; // written by another version of the page: the table holds
  }
}

/** What was kept, without anything that this page does not know. */
export function understood(kept: unknown): Changes {
  if (typeof kept !== "object" || kept === null) return unchanged;
  const { keys, areCharactersOff } = kept as Partial<Record<keyof Changes, unknown>>;
  const known = new Set<string>(COMMANDS.map(({ id }) => id));
  const given = typeof keys === "object" && keys !== null ? Object.entries(keys) : [];
  const usable = given.filter(
    ([id, list]) =>
      known.has(id) && Array.isArray(list) && list.every((key) => typeof key === "string"),
  );
  return { keys: Object.fromEntries(usable), areCharactersOff: areCharactersOff === true };
}
