import type { Card } from "./card";

/** The cards before and after the open one, in the library's order. */
export interface Neighbours {
  /** Null where the library does not list it, or not near what is shown. */
  index: number | null;
  total: number;
  /** Opens the card so many places further, and tells which; null at either end. */
  go: (step: number) => Promise<Card | null>;
}
