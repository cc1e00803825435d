import { useCallback, useMemo, useSyncExternalStore } from "react";
import { type Address, readAddress, writeAddress } from "./address";

export interface ChangeOptions {
  /** Stay on the same entry of the browser's history, as while typing. */
  replace?: boolean;
}
export type ChangeAddress = (part: Partial<Address>, options?: ChangeOptions) => void;

const CHANGED = "rushes:address";
const OVER_LIST = ["card", "compare", "doctor"];

/** The state in the address bar, and a way to change a part of it. Back and forward work. */
export function useAddress(): { address: Address; change: ChangeAddress } {
  const search = useSyncExternalStore(subscribe, () => window.location.search);
  const address = useMemo(() => readAddress(search), [search]);
  const change = useCallback<ChangeAddress>((part, options) => changeAddress(part, options), []);
  return { address, change };
}

export function changeAddress(part: Partial<Address>, { replace = false }: ChangeOptions = {}) {
  const { search, pathname } = window.location;
  const next = writeAddress({ ...readAddress(search), ...part });
  if (next === search) return;
  if (replace) {
    // Another list begins at its top; a card over the list leaves it where it is.
    const isOverList = Object.keys(part).every((name) => OVER_LIST.includes(name));
    window.history.replaceState(isOverList ? window.history.state : null, "", pathname + next);
  } else {
    keepScroll();
    window.history.pushState(null, "", pathname + next);
  }
  window.dispatchEvent(new Event(CHANGED));
}

/** The entry that is left keeps the place that the page was scrolled to. */
export function keepScroll(): void {
  const scroll = Math.round(window.scrollY);
  window.history.replaceState({ ...window.history.state, scroll }, "");
}

export function keptScroll(): number {
  const { scroll } = (window.history.state ?? {}) as { scroll?: number };
  return scroll ?? 0;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("popstate", listener);
  window.addEventListener(CHANGED, listener);
  return () => {
    window.removeEventListener("popstate", listener);
    window.removeEventListener(CHANGED, listener);
  };
}
