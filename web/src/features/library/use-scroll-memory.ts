import { useEffect, useRef } from "react";
import { keepScroll, keptScroll, useAddress } from "../../address/use-address";

const WRITE_AFTER_MS = 150;

/**
 * Where the page was scrolled to, kept with each entry of the browser's history: a reload, and
 * going back, lead to the same place. The browser's own memory is too early for a list that comes.
 */
export function useScrollMemory(isReady: boolean): void {
  const { address } = useAddress();
  const { card: _card, compare: _compare, ...listed } = address;
  const view = JSON.stringify(listed);
  const latest = useRef(view);
  latest.current = view;
  const seen = useRef<string | null>(null);

  useEffect(() => {
    window.history.scrollRestoration = "manual";
    let timer: number | undefined;
    const later = () => {
      // While another list is on its way, the page still shows the one before.
      const keep = () => seen.current === latest.current && keepScroll();
      window.clearTimeout(timer);
      timer = window.setTimeout(keep, WRITE_AFTER_MS);
    };
    window.addEventListener("scroll", later, { passive: true });
    window.addEventListener("pagehide", keepScroll);
    return () => {
      window.clearTimeout(timer);
      window.removeEventListener("scroll", later);
      window.removeEventListener("pagehide", keepScroll);
    };
  }, []);

  useEffect(() => {
    if (!isReady || seen.current === view) return;
    seen.current = view;
    const place = keptScroll();
    if (window.scrollY !== place) window.scrollTo({ top: place, behavior: "instant" });
  }, [view, isReady]);
}
