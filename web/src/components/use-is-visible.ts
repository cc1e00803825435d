import { useSyncExternalStore } from "react";

/** Whether the person can see this window. */
export const useIsVisible = (): boolean =>
  useSyncExternalStore(watch, () => document.visibilityState === "visible");

function watch(watcher: () => void): () => void {
  document.addEventListener("visibilitychange", watcher);
  return () => document.removeEventListener("visibilitychange", watcher);
}
