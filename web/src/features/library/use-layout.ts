import { type RefObject, useLayoutEffect, useState } from "react";
import { type Layout, layoutFor } from "./layout";

interface Placed {
  layout: Layout;
  /** Pixels from the top of the page to the grid. */
  top: number;
}

/** The grid's measures, again whenever the page or anything above it changes its size. */
export function useLayout(grid: RefObject<HTMLElement | null>): Placed {
  const [placed, setPlaced] = useState<Placed>(() => ({ layout: layoutFor(960, 16), top: 0 }));
  useLayoutEffect(() => {
    const element = grid.current;
    if (!element) return;
    const measure = () => {
      const { width, top } = element.getBoundingClientRect();
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      const next = { layout: layoutFor(width, rem), top: Math.round(top + window.scrollY) };
      setPlaced((before) => (isSame(before, next) ? before : next));
    };
    measure();
    const watcher = new ResizeObserver(measure);
    watcher.observe(element);
    watcher.observe(document.body);
    return () => watcher.disconnect();
  }, [grid]);
  return placed;
}

function isSame(a: Placed, b: Placed): boolean {
  const { columns, cardWidth, cardHeight } = a.layout;
  return (
    a.top === b.top &&
    columns === b.layout.columns &&
    cardWidth === b.layout.cardWidth &&
    cardHeight === b.layout.cardHeight
  );
}
