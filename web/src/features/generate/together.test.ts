import { expect, test } from "vitest";
import type { Capabilities, Model, Setting } from "../../api/shapes";
import { chosenOf, groupsOf, misfitsOf, shownValue, whyAllClosed } from "./together";

const choice = (name: string, label: string, values: (number | string)[], unit = ""): Setting => ({
  kind: "choice",
  name,
  label,
  values,
  default: values[0] ?? 0,
  unit,
});
const because = "Over 10 s only at 25 fps.";
const rules = [{ when: "duration", among: [12, 20], then: { fps: [25] }, because }];

function model(id: string, settings: Setting[], part: Partial<Capabilities> = {}): Model {
  const price = { per_second: {}, as_of: "2026-11-01", source: "", note: "" };
  const capabilities = {
    endpoint: id,
    takes_end_image: false,
    rules: [],
    price,
    settings,
    ...part,
  };
  return {
    id,
    provider: "fal",
    title: id,
    summary: "",
    prompt_limit: 5000,
    tasks: { "text-to-video": capabilities },
    aliases: [],
    notes: [],
    unavailable: null,
  };
}

const fast = model(
  "Fast",
  [
    choice("duration", "Duration", [6, 12, 20], "s"),
    choice("fps", "Frame rate", [25, 50], "fps"),
    choice("motion", "Motion", ["none", "dolly"]),
  ],
  { rules },
);
const pro = model("Pro", [
  choice("duration", "Duration", [6, 10], "s"),
  choice("fps", "Frame rate", [25, 50], "fps"),
]);
const both = (wanted: Record<string, number | string>) =>
  chosenOf([fast, pro], "text-to-video", wanted);

test("what all take is shown once with every value, and what some take under their name", () => {
  const [shared, own, ...others] = groupsOf(both({}));
  expect(others).toEqual([]);
  expect(shared?.models).toBeNull();
  expect(shared?.settings.map(({ name }) => name)).toEqual(["duration", "fps"]);
  expect(shared?.settings[0]).toMatchObject({ values: [6, 10, 12, 20] });
  expect(own?.models?.map(({ id }) => id)).toEqual(["Fast"]);
  expect(own?.settings.map(({ name }) => name)).toEqual(["motion"]);
});

test("one model alone has no group of its own", () => {
  expect(groupsOf(chosenOf([fast], "text-to-video", {})).map(({ models }) => models)).toEqual([
    null,
  ]);
});

test("values without a size keep the order of the table", () => {
  const one = model("a", [choice("ratio", "Ratio", ["16:9", "9:16"])]);
  const other = model("b", [choice("ratio", "Ratio", ["auto", "16:9", "1:1"])]);
  const [group] = groupsOf(chosenOf([one, other], "text-to-video", {}));
  expect(group?.settings[0]).toMatchObject({ values: ["16:9", "9:16", "auto", "1:1"] });
});

test("a value that one model cannot do is fitted to the nearest, and said", () => {
  const wanted = { duration: 20 };
  const chosen = both(wanted);
  expect(chosen.map(({ values }) => values.duration)).toEqual([20, 10]);
  expect(shownValue(chosen, "duration", wanted)).toBe(20);
  expect(misfitsOf(chosen, wanted)).toMatchObject([
    { model: { id: "Pro" }, words: "duration 10 s instead of 20 s" },
  ]);
});

test("what all can do is no misfit", () => {
  expect(
    misfitsOf(both({ duration: 6, motion: "dolly" }), { duration: 6, motion: "dolly" }),
  ).toEqual([]);
});

test("a value that no model takes is not shown as chosen", () => {
  const wanted = { fps: "fast" };
  expect(shownValue(both(wanted), "fps", wanted)).toBe(25);
});

test("a value is closed only when no model that has it can do it beside the others", () => {
  const long = both({ duration: 12 });
  expect(whyAllClosed(long, "fps", 50)).toBeNull(); // Pro makes 10 s, and those at 50 fps
  const alone = chosenOf([fast], "text-to-video", { duration: 12 });
  expect(whyAllClosed(alone, "fps", 50)).toBe(because);
});

test("a model without this task is left out", () => {
  expect(chosenOf([fast], "image-to-video", {})).toEqual([]);
});
