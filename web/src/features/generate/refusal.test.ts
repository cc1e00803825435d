import { expect, test } from "vitest";
import type { Problem } from "../../api/shapes";
import { placed } from "./refusal";

const problem = (facts: NonNullable<Problem["facts"]>): Problem => ({
  code: "prompt_empty",
  title: "The prompt is empty.",
  detail: "",
  remedy: "",
  retryable: false,
  facts,
});

test("a problem stands beside the field that it names, and nowhere else", () => {
  const at = placed(problem({ field: "settings.fps" }), ["prompt", "settings.fps"]);
  expect(at("settings.fps")?.code).toBe("prompt_empty");
  expect(at("prompt")).toBeNull();
  expect(at("order")).toBeNull();
});

test("a problem that names no field of this form stands beside the button", () => {
  for (const facts of [{}, { field: "settings.gone" }, { field: 7 }]) {
    expect(placed(problem(facts), ["prompt"])("order")).not.toBeNull();
  }
});
