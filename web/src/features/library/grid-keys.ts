/** What a key does on a card of the grid: by the table of commands, and what every grid has. */
import type { CommandId } from "../../shortcuts/commands";
import { commandsFor } from "../../shortcuts/key-map";
import { type Way, wayOf } from "./layout";

interface Move {
  way: Way;
  /** Whether the cards on the way are selected. */
  isExtending: boolean;
}

const move = (way: Way): Move => ({ way, isExtending: false });
const extend = (way: Way): Move => ({ way, isExtending: true });

type Meant = Move | "select" | "selectRange";

const MEANT: Partial<Record<CommandId, Meant>> = {
  "view.next": move("next"),
  "view.previous": move("previous"),
  "view.up": move("up"),
  "view.down": move("down"),
  "library.select": "select",
  "library.selectRange": "selectRange",
  "library.extendNext": extend("next"),
  "library.extendPrevious": extend("previous"),
  "library.extendUp": extend("up"),
  "library.extendDown": extend("down"),
};

/** Null where the key is not for the grid. */
export function meantBy(event: React.KeyboardEvent): Meant | null {
  for (const { id } of commandsFor(event)) {
    const meant = MEANT[id];
    if (meant) return meant;
  }
  if (event.altKey) return null;
  const way = wayOf(event.key, event.ctrlKey || event.metaKey);
  return way && { way, isExtending: event.shiftKey };
}
