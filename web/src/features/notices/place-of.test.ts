import { expect, test } from "vitest";
import { EVERYTHING, HOME } from "../../address/address";
import { placeOf } from "./place-of";

const offer = (href: string, method: "GET" | "POST" = "GET") => ({ label: "Go", method, href });

test("a notice about things in a state leads to those of its project, and to no others", () => {
  const place = placeOf({ code: "generations_failed", action: offer("/api/projects/a%20b") });
  expect(place).toEqual({ ...HOME, project: "a b", state: ["failed"] });
});

test("what is not known leads to the whole project, the library's own to the doctor", () => {
  const place = placeOf({ code: "something_new", action: offer("/api/projects/p") });
  expect(place).toEqual({ ...HOME, project: "p" });
  expect(placeOf({ code: "room", action: offer("/api/doctor") })).toEqual({ doctor: EVERYTHING });
});

test("what is done and not shown is no place", () => {
  expect(placeOf({ code: "x", action: offer("/api/assets/retry?project=p", "POST") })).toBe(null);
  expect(placeOf({ code: "x", action: offer("/api/elsewhere") })).toBe(null);
  expect(placeOf({ code: "x", action: null })).toBe(null);
});
