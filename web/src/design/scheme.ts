/** Light or dark: as the system has it, unless the person has chosen. */
import { useSyncExternalStore } from "react";

export const SCHEMES = ["system", "light", "dark"] as const;
export type Scheme = (typeof SCHEMES)[number];

const NAME = "rushes.scheme";
const watchers = new Set<() => void>();

export const useScheme = (): Scheme => useSyncExternalStore(watch, chosen);

export function chooseScheme(scheme: Scheme): void {
  localStorage.setItem(NAME, scheme);
  apply();
}

/** Before the page is drawn for the first time, and whenever another window chooses. */
export function startScheme(): void {
  apply();
  window.addEventListener("storage", ({ key }) => {
    if (key === NAME || key === null) apply();
  });
}

function chosen(): Scheme {
  const kept = localStorage.getItem(NAME);
  return SCHEMES.find((scheme) => scheme === kept) ?? "system";
}

function apply(): void {
  document.documentElement.dataset.scheme = chosen();
  for (const watcher of watchers) watcher();
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}
