import { useEffect, useState } from "react";
import type { CommandId } from "./commands";
import { keysOf, useChanges } from "./key-map";
import { type Layout, readable } from "./keys";

interface KeyboardWithLayout {
  keyboard?: { getLayoutMap?: () => Promise<Layout> };
}

const unknown: Layout = new Map();
let asked: Promise<Layout> | undefined;

/** Asked once. A browser that does not tell leaves the letters of the usual layout. */
function askLayout(): Promise<Layout> {
  const { keyboard } = navigator as KeyboardWithLayout;
  asked ??= (keyboard?.getLayoutMap?.() ?? Promise.resolve(unknown)).catch(() => unknown);
  return asked;
}

export function useLayout(): Layout {
  const [layout, setLayout] = useState(unknown);
  useEffect(() => {
    let isWanted = true;
    void askLayout().then((told) => isWanted && setLayout(told));
    return () => {
      isWanted = false;
    };
  }, []);
  return layout;
}

/** The first key of a command, as a person reads it; nothing while it has none. */
export function useKeyLabel(id: CommandId | undefined): string | null {
  const layout = useLayout();
  const changes = useChanges();
  const key = id && keysOf(id, changes)[0];
  return key ? readable(key, layout).join(" ") : null;
}
