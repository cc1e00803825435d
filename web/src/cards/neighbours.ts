/** The cards before and after the open one, in the library's order. */
export interface Neighbours {
  /** Null where the library does not list it, or not near what is shown. */
  index: number | null;
  total: number;
  /** Opens the card so many places further, if it can. Why it cannot be had is told to the person. */
  go: (step: number) => Promise<Went>;
}

export type Went = "opened" | "at the end" | "failed";
