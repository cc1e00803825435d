import { useEffect } from "react";

/** The window's title tells what is open. */
export function useTitle(name: string | undefined): void {
  useEffect(() => {
    document.title = name ? `${name} · Rushes` : "Rushes";
  }, [name]);
}
