import { expect, test } from "vitest";
import type { Finding } from "../../api/shapes";
import { asText, grouped, summary } from "./grouped";

function finding(status: Finding["status"], check: string, remedy = ""): Finding {
  return {
    check,
    code: `${check}_code`,
    status,
    message: "It was seen.",
    remedy,
    ids: [],
    paths: [],
  };
}

const found = [
  finding("ok", "clock"),
  finding("warning", "media", "Save it."),
  finding("problem", "disk"),
  finding("ok", "page"),
];

test("the worst comes first, and what there is none of is not named", () => {
  expect(grouped(found).map(({ status, findings }) => [status, findings.length])).toEqual([
    ["problem", 1],
    ["warning", 1],
    ["ok", 2],
  ]);
});

test("it is said how many there are of each", () => {
  expect(summary(found)).toBe("1 problem, 1 thing to look at and 2 things in order.");
  expect(summary([])).toBe("Nothing was looked at.");
});

test("the text holds everything, with the codes that programs know", () => {
  expect(asText("Rushes", found)).toBe(`Rushes
1 problem, 1 thing to look at and 2 things in order.

[PROBLEM] disk (disk_code): It was seen.
[WARNING] media (media_code): It was seen.
    Save it.
[ok] clock (clock_code): It was seen.
[ok] page (page_code): It was seen.
`);
});
