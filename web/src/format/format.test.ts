import { expect, test } from "vitest";
import { cost, dollars, priceHint } from "./money";
import { bytes, bytesOf, clock, frameRate, seconds } from "./units";
import { settingValue, shortened } from "./words";

test("bytes keep three digits and never show a thousand of a unit", () => {
  expect(bytes(0)).toBe("0 B");
  expect(bytes(999)).toBe("999 B");
  expect(bytes(5_963_825)).toBe("5.96 MB");
  expect(bytes(999_600)).toBe("1.00 MB");
  expect(bytes(1_234_000_000)).toBe("1.23 GB");
  expect(bytesOf(3_100_000, null)).toBe("3.10 MB");
});

test("rates are shown from their exact fraction", () => {
  expect(frameRate("25/1")).toBe("25 fps");
  expect(frameRate("24000/1001")).toBe("23.976 fps");
});

test("times grow from seconds to minutes to hours", () => {
  expect(seconds(6.12)).toBe("6.12 s");
  expect(seconds(61)).toBe("1:01");
  expect(clock(7)).toBe("0:07");
  expect(clock(3723)).toBe("1:02:03");
  expect(clock(-2)).toBe("0:00");
});

test("money keeps every digit that means something, and at least cents", () => {
  expect(dollars("0.24")).toBe("$0.24");
  expect(dollars("0.2400")).toBe("$0.24");
  expect(dollars("0.085")).toBe("$0.085");
  expect(dollars("3")).toBe("$3.00");
});

test("a cost is one amount, a range, or free", () => {
  expect(cost({ low: "0.24", high: "0.240", currency: "USD" })).toBe("$0.24");
  expect(cost({ low: "0.24", high: "0.8", currency: "USD" })).toBe("$0.24 to $0.80");
  expect(cost({ low: "0", high: "0", currency: "USD" })).toBe("Free");
});

test("the hint is the price of a second at the cheapest resolution", () => {
  const price = (per_second: Record<string, string>) =>
    priceHint({ per_second, as_of: "2026-11-01", source: "", note: "" });
  expect(price({})).toBe("Free");
  expect(price({ "1080p": "0.04" })).toBe("$0.04 per second");
  expect(price({ "2160p": "0.16", "1080p": "0.04" })).toBe("from $0.04 per second");
});

test("values are said in words", () => {
  expect(settingValue(true)).toBe("On");
  expect(settingValue("dolly_in")).toBe("Dolly in");
  expect(settingValue(6, "s")).toBe("6 s");
  expect(shortened("  a\n b ")).toBe("a b");
  expect(shortened("abcdef", 4)).toBe("abc…");
});
