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

export interface Move {
  key: string;
  isCtrl: boolean;
}

/** Where a key leads from a place in the grid; null when the key does not move. */
export function moved(
  from: number,
  { key, isCtrl }: Move,
  { columns, total, rowsInView }: { columns: number; total: number; rowsInView: number },
): number | null {
  const last = total - 1;
  if (last < 0) return null;
  const within = (to: number) => Math.min(last, Math.max(0, to));
  const rowStart = from - (from % columns);
  switch (key) {
    case "ArrowRight":
      return within(from + 1);
    case "ArrowLeft":
      return within(from - 1);
    case "ArrowDown":
      return below(from, columns, last);
    case "ArrowUp":
      return from < columns ? from : from - columns;
    case "Home":
      return isCtrl ? 0 : rowStart;
    case "End":
      return isCtrl ? last : within(rowStart + columns - 1);
    case "PageDown":
      return within(from + rowsInView * columns);
    case "PageUp":
      return within(from - rowsInView * columns);
    default:
      return null;
  }
}

/** The same column one row down; from the row before a short last one, the last card. */
function below(from: number, columns: number, last: number): number {
  if (from + columns <= last) return from + columns;
  const isLastRow = Math.floor(from / columns) === Math.floor(last / columns);
  return isLastRow ? from : last;
}
