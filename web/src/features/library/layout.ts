/** Where the cards of the grid stand. Every card has the same size, so that nothing ever jumps. */

export interface Layout {
  columns: number;
  /** Pixels. */
  cardWidth: number;
  cardHeight: number;
  gap: number;
  rowHeight: number;
}

const NARROW_REM = 34;
const LEAST_REM = { narrow: 9, wide: 13.5 };
const GAP_REM = { narrow: 0.75, wide: 1.125 };
/** Two lines of the name and one of facts. */
const TEXT_REM = 4.5;

export function layoutFor(width: number, rem: number): Layout {
  const size = width < NARROW_REM * rem ? "narrow" : "wide";
  const gap = GAP_REM[size] * rem;
  const least = LEAST_REM[size] * rem;
  const columns = Math.max(1, Math.floor((width + gap) / (least + gap)));
  const cardWidth = Math.max(0, (width - gap * (columns - 1)) / columns);
  const cardHeight = Math.round((cardWidth * 9) / 16 + TEXT_REM * rem);
  return { columns, cardWidth, cardHeight, gap, rowHeight: cardHeight + Math.round(gap) };
}

/** A way through the grid: to a neighbour, along the row, to either end, or by a window of rows. */
export type Way =
  | "next"
  | "previous"
  | "up"
  | "down"
  | "rowStart"
  | "rowEnd"
  | "first"
  | "last"
  | "pageUp"
  | "pageDown";

/** The keys that every grid has, beside those of the commands. */
export function wayOf(key: string, isCtrl: boolean): Way | null {
  switch (key) {
    case "Home":
      return isCtrl ? "first" : "rowStart";
    case "End":
      return isCtrl ? "last" : "rowEnd";
    case "PageDown":
      return "pageDown";
    case "PageUp":
      return "pageUp";
    default:
      return null;
  }
}

/** Where a way leads from a place in the grid; null in an empty grid. */
export function moved(
  from: number,
  way: Way,
  { columns, total, rowsInView }: { columns: number; total: number; rowsInView: number },
): number | null {
  const last = total - 1;
  if (last < 0) return null;
  const within = (to: number) => Math.min(last, Math.max(0, to));
  const rowStart = from - (from % columns);
  switch (way) {
    case "next":
      return within(from + 1);
    case "previous":
      return within(from - 1);
    case "down":
      return below(from, columns, last);
    case "up":
      return from < columns ? from : from - columns;
    case "rowStart":
      return rowStart;
    case "rowEnd":
      return within(rowStart + columns - 1);
    case "first":
      return 0;
    case "last":
      return last;
    case "pageDown":
      return within(from + rowsInView * columns);
    case "pageUp":
      return within(from - rowsInView * columns);
  }
}

/** The same column one row down; from the row before a short last one, the last card. */
function below(from: number, columns: number, last: number): number {
  if (from + columns <= last) return from + columns;
  const isLastRow = Math.floor(from / columns) === Math.floor(last / columns);
  return isLastRow ? from : last;
}
