import { useCallback, useEffect, useMemo, useRef, useState } from "react";

/** What only slides by under a resting pointer, while one scrolls, does not come to life. */
const RESTS_AFTER_MS = 70;
const MOVES_AFTER_MS = 350;
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

export interface Lively {
  /** Whether the pointer or the focus is at this card: it shows what can be done. */
  has: (cardId: string) => boolean;
  /** The card that moves: a while later, one at most, and none where the system asks for calm. */
  movingId: string | null;
  point: (cardId: string | null) => void;
  focus: (cardId: string | null) => void;
}

export function useLively(): Lively {
  const [pointed, setPointed] = useState<string | null>(null);
  const resting = useRef<number | undefined>(undefined);
  const [focused, focus] = useState<string | null>(null);
  const [movingId, setMovingId] = useState<string | null>(null);
  const id = pointed ?? focused;
  useEffect(() => {
    setMovingId(null);
    if (id === null || calm.matches) return;
    const timer = window.setTimeout(() => setMovingId(id), MOVES_AFTER_MS);
    return () => window.clearTimeout(timer);
  }, [id]);
  const point = useCallback((cardId: string | null) => {
    window.clearTimeout(resting.current);
    if (cardId === null) setPointed(null);
    else resting.current = window.setTimeout(() => setPointed(cardId), RESTS_AFTER_MS);
  }, []);
  const has = useCallback(
    (cardId: string) => cardId === pointed || cardId === focused,
    [pointed, focused],
  );
  return useMemo(() => ({ has, movingId, point, focus }), [has, movingId, point]);
}
