import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Library } from "../../api/library";

/** The one card that Tab leads to: known by its id, and by its place when it is not there. */
export interface Active {
  index: number;
  /** Makes the card at this place the one, and gives it the focus. */
  focus: (index: number) => void;
  /** Makes it the one that has got the focus by itself. */
  note: (index: number) => void;
}

/**
 * Keeps the focus on its card when others arrive, and in the grid when the card itself goes.
 *
 * A removed element takes the focus with it without a word; so after each drawing it is looked
 * whether the focus is still where it was. A focus that moves, as by Tab, is not lost.
 */
export function useActive(
  grid: RefObject<HTMLElement | null>,
  { total, cardAt, indexOf }: Library,
): Active {
  const [place, setPlace] = useState<{ id: string | null; index: number }>({ id: null, index: 0 });
  const holdsFocus = useRef(false);
  const wantsFocus = useRef(false);
  /** The focus has left one thing in the grid and not come to the next yet: nothing has it. */
  const isUnderWay = useRef(false);

  const known = place.id === null ? null : indexOf(place.id);
  const index = Math.min(known ?? place.index, Math.max(0, (total ?? 1) - 1));
  const at = cardAt(index)?.id ?? null;
  useEffect(() => {
    // The card came to its place, moved to another, or is gone: whatever stands here now is it.
    if (at !== null)
      setPlace((was) => (was.id === at && was.index === index ? was : { id: at, index }));
  }, [at, index]);

  const latest = useRef(index);
  const giveBack = useCallback(() => {
    if (isUnderWay.current) return;
    const isLost = holdsFocus.current && document.activeElement === document.body;
    if (!wantsFocus.current && !isLost) return;
    const place = `[data-place="${latest.current}"] [data-main]`;
    const target = grid.current?.querySelector<HTMLElement>(place);
    if (!target) return;
    wantsFocus.current = false;
    target.focus({ preventScroll: true });
  }, [grid]);

  useEffect(() => {
    const element = grid.current;
    if (!element) return;
    const gained = () => {
      holdsFocus.current = true;
      isUnderWay.current = false;
    };
    const left = ({ relatedTarget }: FocusEvent) => {
      if (!(relatedTarget instanceof Node)) return;
      holdsFocus.current = element.contains(relatedTarget);
      isUnderWay.current = holdsFocus.current;
      // What it was on its way to may be gone by then.
      requestAnimationFrame(() => {
        isUnderWay.current = false;
        giveBack();
      });
    };
    const pointed = ({ target }: PointerEvent) => {
      if (target instanceof Node && !element.contains(target)) holdsFocus.current = false;
    };
    element.addEventListener("focusin", gained);
    element.addEventListener("focusout", left);
    document.addEventListener("pointerdown", pointed);
    return () => {
      element.removeEventListener("focusin", gained);
      element.removeEventListener("focusout", left);
      document.removeEventListener("pointerdown", pointed);
    };
  }, [grid, giveBack]);

  useLayoutEffect(() => {
    latest.current = index;
    giveBack();
  });

  const focus = useCallback(
    (to: number) => {
      wantsFocus.current = true;
      setPlace({ index: to, id: cardAt(to)?.id ?? null });
    },
    [cardAt],
  );
  const note = useCallback(
    (to: number) => setPlace({ index: to, id: cardAt(to)?.id ?? null }),
    [cardAt],
  );
  return { index, focus, note };
}
