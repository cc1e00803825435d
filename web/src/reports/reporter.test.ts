import { expect, test } from "vitest";
import type { PageReport } from "../api/shapes";
import { createReporter } from "./reporter";

function report(code: string): PageReport {
  return { kind: "csp", asset_id: null, directive: "", address: "", code, message: "" };
}

function setUp() {
  const sent: string[][] = [];
  const work: (() => void)[] = [];
  const reporter = createReporter(
    (reports) => sent.push(reports.map(({ code }) => code)),
    (later) => work.push(later),
  );
  return { sent, work, reporter };
}

test("reports wait for each other and go together", () => {
  const { sent, work, reporter } = setUp();
  reporter.add(report("a"));
  reporter.add(report("b"));
  expect(sent).toEqual([]);
  work.shift()?.();
  expect(sent).toEqual([["a", "b"]]);
  expect(work).toEqual([]);
});

test("the same thing is told once", () => {
  const { sent, work, reporter } = setUp();
  reporter.add(report("a"));
  work.shift()?.();
  reporter.add(report("a"));
  expect(work).toEqual([]);
  expect(sent).toEqual([["a"]]);
});

test("more than twenty go in turns, and no more than two hundred ever", () => {
  const { sent, work, reporter } = setUp();
  for (let number = 0; number < 300; number++) reporter.add(report(String(number)));
  while (work.length > 0) work.shift()?.();
  expect(sent.map(({ length }) => length)).toEqual(Array(10).fill(20));
});
