import { type Range as Rows, useWindowVirtualizer } from "@tanstack/react-virtual";
import { type FocusEvent, type KeyboardEvent, type MouseEvent, useEffect, useRef } from "react";
import { useAddress } from "../../address/use-address";
import type { Library } from "../../api/library";
import type { Card } from "../../cards/card";
import { isUnderWay } from "../../cards/stage";
import { useNow } from "../../components/use-now";
import { useSelection } from "../../selection/selection";
import { CardTile } from "./card-tile";
import styles from "./grid.module.css";
import { meantBy } from "./grid-keys";
import { moved, type Way } from "./layout";
import { useActive } from "./use-active";
import { useChoosing } from "./use-choosing";
import { useLayout } from "./use-layout";
import { useLively } from "./use-lively";

interface Props {
  library: Library;
  total: number;
  titles: ReadonlyMap<string, string>;
  onOpen: (index: number, cardId: string) => void;
}

const ROWS_AROUND = 2;
/** What lies over the top of the page: a card that is scrolled to stands below it. */
const COVERED_REM = 8;

/** All cards. Only those near the view exist; each has its place, and one of them the Tab stop. */
export function Grid({ library, total, titles, onOpen }: Props) {
  const grid = useRef<HTMLDivElement>(null);
  const { layout, top } = useLayout(grid);
  const { columns, rowHeight } = layout;
  const active = useActive(grid, library);
  const lively = useLively();
  const selection = useSelection();
  const { address } = useAddress();
  const choosing = useChoosing(library, selection);

  const activeRow = Math.floor(active.index / columns);
  const rows = useWindowVirtualizer({
    count: Math.ceil(total / columns),
    estimateSize: () => rowHeight,
    scrollMargin: top,
    overscan: ROWS_AROUND,
    scrollPaddingStart: COVERED_REM * 16,
    scrollPaddingEnd: layout.gap,
    // The card with the Tab stop always exists, so that the focus is never lost by scrolling.
    rangeExtractor: (range) => withRow(range, activeRow),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another row height moves every row
  useEffect(() => rows.measure(), [rowHeight, rows]);

  const shownRows = rows.getVirtualItems();
  const inView = shownRows.filter(({ index }) => index !== activeRow || isNear(index, rows.range));
  const first = (inView[0]?.index ?? 0) * columns;
  const last = Math.min(total, ((inView.at(-1)?.index ?? 0) + 1) * columns) - 1;
  const { show } = library;
  useEffect(() => show({ first, last }), [show, first, last]);

  const places = shownRows.flatMap(({ index }) =>
    Array.from({ length: Math.min(columns, total - index * columns) }, (_, step) => {
      const at = index * columns + step;
      return { at, card: library.cardAt(at) };
    }),
  );
  const now = useNow(places.some(({ card }) => card !== null && isUnderWay(card)));

  const go = (way: Way, isExtending: boolean) => {
    const rowsInView = Math.max(1, Math.floor(window.innerHeight / rowHeight) - 1);
    const to = moved(active.index, way, { columns, total, rowsInView });
    if (to === null) return;
    rows.scrollToIndex(Math.floor(to / columns), { align: "auto" });
    active.focus(to);
    lively.point(null);
    if (isExtending) void choosing.extend(active.index, to);
    else choosing.start(to);
  };
  const press = (event: KeyboardEvent) => {
    if (!isMain(event.target)) return;
    const meant = meantBy(event);
    if (meant === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (typeof meant === "object") go(meant.way, meant.isExtending);
    // A key that is held down would choose it and not choose it in turns.
    else if (!event.repeat) void choosing.press(active.index, { isRange: meant === "selectRange" });
  };
  const note = ({ target }: FocusEvent) => {
    const index = indexOf(target);
    if (index === null) return; // in the menu of a card
    if (index !== active.index) active.note(index);
    const card = library.cardAt(index);
    lively.focus(card?.id ?? null);
    selection.focus(card);
  };
  const leave = ({ relatedTarget }: FocusEvent) => {
    // The buttons of a card are there as long as the focus is at it, or in the menu of one.
    if (relatedTarget !== null && isAtCard(relatedTarget)) return;
    lively.focus(null);
    selection.focus(null);
  };
  const choose = (event: MouseEvent) => {
    const index = indexOf(event.target);
    if (index === null || !(event.ctrlKey || event.metaKey || event.shiftKey)) return;
    event.preventDefault();
    event.stopPropagation();
    void choosing.press(index, { isRange: event.shiftKey });
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a table cannot lay its rows out in columns
    <div
      ref={grid}
      role="grid"
      className={styles.grid}
      aria-label="Takes and files"
      aria-rowcount={total}
      aria-colcount={1}
      aria-multiselectable="true"
      data-changing={library.isChanging}
      style={{ height: rows.getTotalSize() }}
      onKeyDown={press}
      onFocus={note}
      onBlur={leave}
      onClickCapture={choose}
      onPointerLeave={() => lively.point(null)}
    >
      {places.map(({ at, card }) => (
        <CardTile
          key={card?.id ?? `place-${at}`}
          card={card}
          index={at}
          layout={layout}
          isActive={at === active.index}
          isSelected={card !== null && selection.has(card.id)}
          isChoosing={selection.cards.length > 0}
          isLively={card !== null && lively.has(card.id)}
          isGrouped={address.grouped}
          isMoving={card !== null && lively.movingId === card.id}
          model={modelOf(card, titles)}
          now={card !== null && isUnderWay(card) ? now : 0}
          onOpen={onOpen}
          onPoint={lively.point}
          onToggle={selection.toggle}
        />
      ))}
    </div>
  );
}

function withRow({ startIndex, endIndex, overscan, count }: Rows, row: number): number[] {
  const first = Math.max(0, startIndex - overscan);
  const last = Math.min(count - 1, endIndex + overscan);
  const near = Array.from({ length: last - first + 1 }, (_, step) => first + step);
  if (row >= count || (row >= first && row <= last)) return near;
  return row < first ? [row, ...near] : [...near, row];
}

function isNear(row: number, range: { startIndex: number; endIndex: number } | null): boolean {
  if (range === null) return true;
  return row >= range.startIndex - ROWS_AROUND && row <= range.endIndex + ROWS_AROUND;
}

function indexOf(target: EventTarget): number | null {
  const tile = target instanceof Element ? target.closest("[data-place]") : null;
  return tile instanceof HTMLElement ? Number(tile.dataset.place) : null;
}

const isAtCard = (target: EventTarget): boolean =>
  indexOf(target) !== null || (target instanceof Element && target.closest("[role=menu]") !== null);

const isMain = (target: EventTarget): boolean =>
  target instanceof HTMLElement && target.dataset.main !== undefined;

function modelOf(card: Card | null, titles: ReadonlyMap<string, string>): string | null {
  const origin = card?.asset?.origin;
  const id = card?.generation?.model ?? (origin?.type === "generated" ? origin.model : null);
  return id === null || id === undefined ? null : (titles.get(id) ?? id);
}
