import { expect, test } from "vitest";
import { COMMANDS } from "./commands";
import { type Changes, commandsFor, holderOf, keysOf, understood } from "./key-map";
import { isCharacter, keyOf, matches, type Press, readable } from "./keys";

const press = (code: string, more: Partial<Press> = {}): Press => ({
  code,
  key: "",
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});
const table: Changes = { keys: {}, areCharactersOff: false };
const ids = (of: Press, changes = table) => commandsFor(of, changes).map(({ id }) => id);

test("no key of the table belongs to two commands that work at the same place", () => {
  const doubled = COMMANDS.flatMap(({ id, keys }) =>
    keys.filter((key) => holderOf(key, id, table) !== null),
  );
  expect(doubled).toEqual([]);
});

test("a key may do one thing in the list and another over an open card", () => {
  expect(ids(press("Space", { key: " " }))).toEqual(["library.select", "view.play"]);
  expect(holderOf("Comma", "library.select", table)).toBeNull();
  expect(holderOf("Space", "view.next", table)?.id).toBe("library.select");
  expect(holderOf("Space", "view.play", table)).toBeNull();
});

test("a key is known by its place, whatever letter is printed on it", () => {
  expect(ids(press("KeyP", { key: "l" }))).toEqual(["review.pick"]);
  expect(ids(press("KeyL", { key: "p" }))).toEqual([]);
});

test("a sign is known by what it is, wherever it lies", () => {
  expect(ids(press("Minus", { key: "?", shiftKey: true }))).toEqual(["help.show"]);
  expect(ids(press("Digit7", { key: "/", shiftKey: true }))).toEqual(["search.focus"]);
});

test("a modifier makes it another key", () => {
  expect(ids(press("KeyP", { key: "p", ctrlKey: true }))).toEqual([]);
  expect(matches("Mod+Enter", press("Enter", { metaKey: true }), true)).toBe(true);
  expect(matches("Mod+Enter", press("Enter", { ctrlKey: true }), true)).toBe(false);
  expect(keyOf(press("KeyC", { shiftKey: true, ctrlKey: true }), false)).toBe("Mod+Shift+KeyC");
  expect(ids(press("ShiftLeft", { key: "Shift", shiftKey: true }))).toEqual([]);
});

test("with single characters switched off, only the other keys work", () => {
  const off = { ...table, areCharactersOff: true };
  expect(ids(press("KeyP", { key: "p" }), off)).toEqual([]);
  expect(ids(press("Slash", { key: "?", shiftKey: true }), off)).toEqual([]);
  expect(ids(press("ArrowRight", { key: "ArrowRight" }), off)).toEqual(["view.next"]);
  expect(keysOf("generate.submit", off)).toEqual(["Mod+Enter"]);
  expect(["KeyA", "Shift+KeyA", "Digit1", "Comma", "?"].every(isCharacter)).toBe(true);
  expect(["Mod+KeyA", "Enter", "Delete", "F2", "Alt+Digit1"].some(isCharacter)).toBe(false);
});

test("a changed key works instead of the table's, and a conflict is found", () => {
  const changed = { ...table, keys: { "review.pick": ["KeyB"] } };
  expect(ids(press("KeyB"), changed)).toEqual(["review.pick"]);
  expect(ids(press("KeyP"), changed)).toEqual([]);
  expect(holderOf("KeyX", "review.pick", table)?.id).toBe("review.reject");
  expect(holderOf("KeyP", "review.reject", changed)).toBeNull();
});

test("what was kept is read without anything unknown", () => {
  expect(understood(null)).toEqual(table);
  expect(understood("?")).toEqual(table);
  const kept = { keys: { "review.pick": ["KeyB"], gone: ["KeyC"], "review.reject": 3 }, more: 1 };
  expect(understood(kept)).toEqual({ ...table, keys: { "review.pick": ["KeyB"] } });
});

test("keys are shown with the letters of the person's keyboard", () => {
  expect(readable("KeyQ", new Map([["KeyQ", "a"]]))).toEqual(["A"]);
  expect(readable("Mod+Shift+KeyC", undefined, false)).toEqual(["Ctrl", "Shift", "C"]);
  expect(readable("Mod+Enter", undefined, true)).toEqual(["⌘", "Enter"]);
  expect(readable("ArrowLeft")).toEqual(["←"]);
  expect(readable("Numpad3")).toEqual(["Num 3"]);
  expect(readable("?")).toEqual(["?"]);
});
