import { useCallback, useEffect, useRef, useState } from "react";
import type { Command } from "../../shortcuts/commands";
import { isModifier, keyOf } from "../../shortcuts/keys";

/** Keys that a person needs to get about on any page. */
const KEPT = new Set(["Tab", "Shift+Tab", "Enter", "Space"]);

/** The next key that is pressed, wherever the focus is. Escape ends the question. */
export function useNextKey(command: Command, onCancel: () => void) {
  const [key, setKey] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const cancel = useRef(onCancel);
  cancel.current = onCancel;
  const isListening = key === null;

  useEffect(() => {
    if (!isListening) return;
    const hear = (event: KeyboardEvent) => {
      if (isModifier(event)) return;
      const pressed = keyOf(event);
      if (KEPT.has(pressed)) return; // so that the buttons can be reached and pressed
      event.preventDefault();
      event.stopPropagation();
      if (pressed === "Escape") return cancel.current();
      if (command.isInFields && !/(Mod|Alt)\+/.test(pressed)) {
        setRefusal("This one works while writing, so it needs Ctrl, Command or Alt.");
        return;
      }
      setKey(pressed);
    };
    document.addEventListener("keydown", hear, { capture: true });
    return () => document.removeEventListener("keydown", hear, { capture: true });
  }, [isListening, command]);

  const again = useCallback(() => setKey(null), []);
  return { key, refusal, again };
}
