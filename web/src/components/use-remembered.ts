import { useEffect, useState } from "react";

/** State that this browser remembers for convenience; nothing depends on it being there. */
export function useRemembered<T>(key: string, read: (kept: unknown) => T) {
  const name = `rushes.${key}`;
  const [value, setValue] = useState<T>(() => read(parsed(localStorage.getItem(name))));
  useEffect(() => localStorage.setItem(name, JSON.stringify(value)), [name, value]);
  return [value, setValue] as const;
}

function parsed(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null; // written by another version of the page: start afresh
  }
}
