import { expect, test } from "vitest";
import type { Capabilities } from "../../api/shapes";
import { fitted, ordered, whyClosed } from "./rules";

const because = "Over 10 s only at 25 fps and 1080p.";
const long = [12, 14];
const capabilities: Capabilities = {
  endpoint: "somewhere",
  takes_end_image: false,
  price: { per_second: {}, as_of: "2026-11-01", source: "", note: "" },
  settings: [
    {
      kind: "choice",
      name: "duration",
      label: "Duration",
      values: [6, 10, 12, 14],
      default: 6,
      unit: "s",
    },
    {
      kind: "choice",
      name: "resolution",
      label: "Resolution",
      values: ["1080p", "2160p"],
      default: "1080p",
      unit: "",
    },
    { kind: "choice", name: "fps", label: "Rate", values: [25, 50], default: 25, unit: "fps" },
    { kind: "toggle", name: "generate_audio", label: "Sound", default: true },
    { kind: "number", name: "seed", label: "Seed", minimum: 0, maximum: 99, default: 0 },
  ],
  rules: [{ when: "duration", among: long, then: { fps: [25], resolution: ["1080p"] }, because }],
};
const defaults = { duration: 6, resolution: "1080p", fps: 25, generate_audio: true, seed: 0 };

test("at the defaults nothing is closed", () => {
  for (const setting of capabilities.settings) {
    const values = setting.kind === "choice" ? setting.values : [setting.default];
    for (const value of values) {
      expect(whyClosed(capabilities, defaults, setting.name, value)).toBeNull();
    }
  }
});

test("a long clip closes what does not go with it, in the rule's own words", () => {
  const values = { ...defaults, duration: 12 };
  expect(whyClosed(capabilities, values, "resolution", "2160p")).toBe(because);
  expect(whyClosed(capabilities, values, "fps", 50)).toBe(because);
  expect(whyClosed(capabilities, values, "resolution", "1080p")).toBeNull();
});

test("the rule closes in the other direction too", () => {
  const values = { ...defaults, fps: 50 };
  expect(whyClosed(capabilities, values, "duration", 14)).toBe(because);
  expect(whyClosed(capabilities, values, "duration", 10)).toBeNull();
});

test("a rule closes nothing in a setting that it does not name", () => {
  const values = { ...defaults, duration: 12 };
  expect(whyClosed(capabilities, values, "generate_audio", false)).toBeNull();
});

test("wanted values are kept as far as the model takes them together", () => {
  expect(fitted(capabilities, {})).toEqual(defaults);
  expect(fitted(capabilities, { duration: 12, fps: 50 })).toEqual({ ...defaults, duration: 12 });
  expect(fitted(capabilities, { fps: 50, seed: 7 })).toEqual({ ...defaults, fps: 50, seed: 7 });
});

test("values that another model had, or of another type, fall back to the default", () => {
  const wanted = { duration: "8s", resolution: "720p", fps: "50", seed: 1.5, generate_audio: 1 };
  expect(fitted(capabilities, wanted)).toEqual(defaults);
});

test("a size that the model does not have becomes the nearest that it has", () => {
  expect(fitted(capabilities, { duration: 11 })).toMatchObject({ duration: 10 });
  expect(fitted(capabilities, { duration: 99 })).toMatchObject({ duration: 14 });
  expect(fitted(capabilities, { resolution: "1440p" })).toMatchObject({ resolution: "1080p" });
  expect(fitted(capabilities, { resolution: "4320p" })).toMatchObject({ resolution: "2160p" });
});

test("a seed is sent only when somebody chose one", () => {
  expect(ordered(capabilities, defaults)).not.toHaveProperty("seed");
  expect(ordered(capabilities, { ...defaults, seed: 7 })).toHaveProperty("seed", 7);
});
