/** Everything that a key can do. A key is a physical one (`KeyP`), wherever its letter is printed. */

export const GROUPS = ["Anywhere", "New take", "Library", "Looking", "Review"] as const;
export type Group = (typeof GROUPS)[number];

interface Row {
  title: string;
  group: Group;
  /**
   * Works only over the list of cards, or only over a card that is open; left out, in both. Two
   * commands that never work at the same place may have the same key.
   */
  place?: "list" | "open";
  /** `Mod` is Command on a Mac and Control elsewhere. `?` alone is a character, wherever it lies. */
  keys: readonly string[];
  /** It goes on while the key is held down. */
  isRepeating?: boolean;
  /** It works while a text is being written. */
  isInFields?: boolean;
  /** It works over an open dialog, too. */
  isOverDialogs?: boolean;
}

const rows = {
  "help.show": {
    title: "Show the keyboard shortcuts",
    group: "Anywhere",
    keys: ["?"],
    isOverDialogs: true,
  },
  "doctor.show": { title: "Ask the doctor", group: "Anywhere", keys: ["KeyD"] },
  "search.focus": { title: "Search", group: "Anywhere", keys: ["/"] },
  "generate.focus": { title: "Write a prompt", group: "Anywhere", keys: ["KeyG"] },
  "generate.submit": {
    title: "Generate",
    group: "New take",
    keys: ["Mod+Enter"],
    isInFields: true,
  },
  "order.another": { title: "Another take", group: "New take", keys: ["KeyT"] },
  "order.continue": { title: "Continue from the last frame", group: "New take", keys: ["KeyF"] },
  "library.select": {
    title: "Select or not",
    group: "Library",
    place: "list",
    keys: ["Space", "Mod+Space"],
  },
  "library.selectRange": {
    title: "Select up to here",
    group: "Library",
    place: "list",
    keys: ["Shift+Space"],
  },
  "library.extendNext": {
    title: "Select up to the next",
    group: "Library",
    place: "list",
    keys: ["Shift+ArrowRight"],
    isRepeating: true,
  },
  "library.extendPrevious": {
    title: "Select up to the one before",
    group: "Library",
    place: "list",
    keys: ["Shift+ArrowLeft"],
    isRepeating: true,
  },
  "library.extendUp": {
    title: "Select up to the row above",
    group: "Library",
    place: "list",
    keys: ["Shift+ArrowUp"],
    isRepeating: true,
  },
  "library.extendDown": {
    title: "Select down to the row below",
    group: "Library",
    place: "list",
    keys: ["Shift+ArrowDown"],
    isRepeating: true,
  },
  "library.selectAll": {
    title: "Select all",
    group: "Library",
    place: "list",
    keys: ["Mod+KeyA"],
  },
  "library.trash": { title: "Move to the trash", group: "Library", keys: ["Delete"] },
  "view.open": { title: "Open", group: "Looking", keys: ["Enter"] },
  "view.close": { title: "Close, or clear the selection", group: "Looking", keys: ["Escape"] },
  "view.next": { title: "Next", group: "Looking", keys: ["ArrowRight"], isRepeating: true },
  "view.previous": { title: "Previous", group: "Looking", keys: ["ArrowLeft"], isRepeating: true },
  "view.up": {
    title: "The row above, or the take before",
    group: "Looking",
    keys: ["ArrowUp"],
    isRepeating: true,
  },
  "view.down": {
    title: "The row below, or the next take",
    group: "Looking",
    keys: ["ArrowDown"],
    isRepeating: true,
  },
  "view.play": { title: "Play or pause", group: "Looking", place: "open", keys: ["Space"] },
  "view.frameBack": {
    title: "One frame back",
    group: "Looking",
    place: "open",
    keys: ["Comma"],
    isRepeating: true,
  },
  "view.frameForward": {
    title: "One frame on",
    group: "Looking",
    place: "open",
    keys: ["Period"],
    isRepeating: true,
  },
  "review.pick": { title: "Pick", group: "Review", keys: ["KeyP"] },
  "review.reject": { title: "Reject", group: "Review", keys: ["KeyX"] },
  "review.unflag": { title: "Neither pick nor reject", group: "Review", keys: ["KeyU"] },
  "review.rate.0": { title: "No stars", group: "Review", keys: ["Digit0", "Numpad0"] },
  "review.rate.1": { title: "One star", group: "Review", keys: ["Digit1", "Numpad1"] },
  "review.rate.2": { title: "Two stars", group: "Review", keys: ["Digit2", "Numpad2"] },
  "review.rate.3": { title: "Three stars", group: "Review", keys: ["Digit3", "Numpad3"] },
  "review.rate.4": { title: "Four stars", group: "Review", keys: ["Digit4", "Numpad4"] },
  "review.rate.5": { title: "Five stars", group: "Review", keys: ["Digit5", "Numpad5"] },
  "review.compare": { title: "Compare side by side", group: "Review", keys: ["KeyC"] },
  "review.autoAdvance": {
    title: "Go on by itself after a rating",
    group: "Review",
    keys: ["KeyA"],
  },
} as const satisfies Record<string, Row>;

export type CommandId = keyof typeof rows;

export interface Command extends Row {
  id: CommandId;
}

export const COMMANDS: readonly Command[] = Object.entries(rows).map(([id, row]) => ({
  ...row,
  id: id as CommandId,
}));

const byId = new Map(COMMANDS.map((command) => [command.id, command]));

/** Whether there is a place where both work. */
export const meet = (a: Command, b: Command): boolean =>
  a.place === undefined || b.place === undefined || a.place === b.place;

export function commandOf(id: CommandId): Command {
  const command = byId.get(id);
  if (command === undefined) throw new Error(`There is no command ${id}.`);
  return command;
}
