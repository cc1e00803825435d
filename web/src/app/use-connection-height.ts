import { type RefObject, useLayoutEffect } from "react";

const NAME = "--connection";

/** What stands below the bar leaves it as much room as it has: its words wrap on a small window. */
export function useConnectionHeight(bar: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = bar.current;
    if (!element) return;
    const { style } = document.documentElement;
    const observer = new ResizeObserver(() =>
      style.setProperty(NAME, `${element.getBoundingClientRect().height}px`),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      style.removeProperty(NAME);
    };
  }, [bar]);
}
