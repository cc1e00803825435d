import { useCallback, useMemo, useSyncExternalStore } from "react";
import { type Address, readAddress, writeAddress } from "./address";

export interface ChangeOptions {
  /** Stay on the same entry of the browser's history, as while typing. */
  replace?: boolean;
}
export type ChangeAddress = (part: Partial<Address>, options?: ChangeOptions) => void;

const CHANGED = "rushes:address";

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
  if (replace) window.history.replaceState(window.history.state, "", pathname + next);
  else window.history.pushState(null, "", pathname + next);
  window.dispatchEvent(new Event(CHANGED));
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("popstate", listener);
  window.addEventListener(CHANGED, listener);
  return () => {
    window.removeEventListener("popstate", listener);
    window.removeEventListener(CHANGED, listener);
  };
}
