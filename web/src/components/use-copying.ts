import { useCallback, useEffect, useState } from "react";
import { useAnnounce } from "./announcer";

const SHOWN_MS = 2000;

/** Puts a text on the clipboard, and says so. */
export function useCopying() {
  const announce = useAnnounce();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = window.setTimeout(() => setCopied(false), SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [isCopied]);
  const copy = useCallback(
    async (text: string) => {
      // The text can be selected by hand where the browser does not allow it.
      const isAllowed = await navigator.clipboard.writeText(text).then(
        () => true,
        () => false,
      );
      setCopied(isAllowed);
      announce(isAllowed ? "Copied." : "The browser did not allow copying.");
    },
    [announce],
  );
  return { isCopied, copy };
}
