import { useEffect, useRef } from "react";
import { useAddress } from "../../address/use-address";

interface Kept {
  scroll?: number;
}

const WRITE_AFTER_MS = 150;

/**
 * Where the page was scrolled to, kept with each entry of the browser's history: a reload, and
 * going back, lead to the same place. The browser's own memory is too early for a list that comes.
 */
export function useScrollMemory(isReady: boolean): void {
  const { address } = useAddress();
  const { card: _card, compare: _compare, ...listed } = address;
  const view = JSON.stringify(listed);
  const wanted = useRef<number | null>(null);
  const seen = useRef<string | null>(null);

  useEffect(() => {
    window.history.scrollRestoration = "manual";
    let timer: number | undefined;
    const keep = () => {
      const kept: Kept = { scroll: Math.round(window.scrollY) };
      window.history.replaceState({ ...window.history.state, ...kept }, "");
    };
    const later = () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(keep, WRITE_AFTER_MS);
    };
    const back = () => {
      window.clearTimeout(timer);
      wanted.current = keptScroll();
    };
    window.addEventListener("scroll", later, { passive: true });
    window.addEventListener("pagehide", keep);
    // Before anyone else hears of it: by then the page may have been drawn anew.
    window.addEventListener("popstate", back, { capture: true });
    return () => {
      window.clearTimeout(timer);
      window.removeEventListener("scroll", later);
      window.removeEventListener("pagehide", keep);
      window.removeEventListener("popstate", back, { capture: true });
    };
  }, []);

  useEffect(() => {
    if (!isReady || seen.current === view) return;
    const isFirst = seen.current === null;
    seen.current = view;
    const to = wanted.current ?? (isFirst ? keptScroll() : 0);
    wanted.current = null;
    // Another search, filter or order begins at its top.
    if (isFirst ? to > 0 : window.scrollY !== to) window.scrollTo({ top: to, behavior: "instant" });
  }, [view, isReady]);
}

const keptScroll = (): number => (window.history.state as Kept | null)?.scroll ?? 0;
