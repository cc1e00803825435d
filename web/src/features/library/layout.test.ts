import { expect, test } from "vitest";
import { layoutFor, moved, type Way, wayOf } from "./layout";

const grid = { columns: 4, total: 10, rowsInView: 2 };
const go = (from: number, way: Way) => moved(from, way, grid);

test("arrows go to the neighbour and to the same column", () => {
  expect(go(5, "next")).toBe(6);
  expect(go(5, "previous")).toBe(4);
  expect(go(5, "down")).toBe(9);
  expect(go(5, "up")).toBe(1);
});

test("no key leads out of the grid", () => {
  expect(go(0, "previous")).toBe(0);
  expect(go(2, "up")).toBe(2);
  expect(go(9, "next")).toBe(9);
  expect(go(9, "down")).toBe(9);
  expect(go(8, "pageDown")).toBe(9);
  expect(go(3, "pageUp")).toBe(0);
});

test("down into a shorter last row leads to its last card", () => {
  expect(go(7, "down")).toBe(9);
});

test("Home and End go along the row, and with Control to either end", () => {
  expect(go(6, "rowStart")).toBe(4);
  expect(go(4, "rowEnd")).toBe(7);
  expect(go(8, "rowEnd")).toBe(9);
  expect(go(6, "first")).toBe(0);
  expect(go(0, "last")).toBe(9);
});

test("every grid has Home, End and the page keys; in an empty one nothing moves", () => {
  expect([wayOf("Home", false), wayOf("End", true), wayOf("p", false)]).toEqual([
    "rowStart",
    "last",
    null,
  ]);
  expect(moved(0, "down", { ...grid, total: 0 })).toBeNull();
});

test("cards fill the width, two beside each other even on a phone", () => {
  for (const width of [320, 358, 600, 960, 1400, 2400]) {
    const { columns, cardWidth, gap } = layoutFor(width, 16);
    expect(columns).toBeGreaterThanOrEqual(2);
    expect(columns * cardWidth + (columns - 1) * gap).toBeCloseTo(width);
  }
});

test("twice the text size makes fewer, larger cards", () => {
  expect(layoutFor(960, 32).columns).toBeLessThan(layoutFor(960, 16).columns);
});
