/** The cards before and after the open one, in the library's order. */
export interface Neighbours {
  index: number;
  total: number;
  /** Opens the card so many places further; nothing at either end. */
  go: (step: number) => void;
}
