import { expect, test } from "vitest";
import { layoutFor, moved } from "./layout";

const grid = { columns: 4, total: 10, rowsInView: 2 };
const go = (from: number, key: string, isCtrl = false) => moved(from, { key, isCtrl }, grid);

test("arrows go to the neighbour and to the same column", () => {
  expect(go(5, "ArrowRight")).toBe(6);
  expect(go(5, "ArrowLeft")).toBe(4);
  expect(go(5, "ArrowDown")).toBe(9);
  expect(go(5, "ArrowUp")).toBe(1);
});

test("no key leads out of the grid", () => {
  expect(go(0, "ArrowLeft")).toBe(0);
  expect(go(2, "ArrowUp")).toBe(2);
  expect(go(9, "ArrowRight")).toBe(9);
  expect(go(9, "ArrowDown")).toBe(9);
  expect(go(8, "PageDown")).toBe(9);
  expect(go(3, "PageUp")).toBe(0);
});

test("down into a shorter last row leads to its last card", () => {
  expect(go(7, "ArrowDown")).toBe(9);
});

test("Home and End go along the row, and with Control to either end", () => {
  expect(go(6, "Home")).toBe(4);
  expect(go(4, "End")).toBe(7);
  expect(go(8, "End")).toBe(9);
  expect(go(6, "Home", true)).toBe(0);
  expect(go(0, "End", true)).toBe(9);
});

test("other keys, and an empty grid, move nothing", () => {
  expect(go(5, "KeyP")).toBeNull();
  expect(moved(0, { key: "ArrowDown", isCtrl: false }, { ...grid, total: 0 })).toBeNull();
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
