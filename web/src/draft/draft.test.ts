import { expect, test } from "vitest";
import { EMPTY, filled, inputsOf, loses, readDraft } from "./draft";

test("what was kept is read again, and what is not understood starts afresh", () => {
  const draft = filled(EMPTY, "p", {
    prompt: "A heron",
    models: ["animatic"],
    settings: { duration: 8, generate_audio: false },
    takes: 3,
    image: "i",
  });
  expect(readDraft(JSON.parse(JSON.stringify(draft)))).toEqual(draft);
  for (const kept of [null, 7, "x", [], { prompts: 3, settings: [], takes: 99, models: "x" }]) {
    expect(readDraft(kept)).toEqual(EMPTY);
  }
});

test("filling changes what is named and nothing else", () => {
  const before = { ...EMPTY, prompts: { text: "typed", image: "other" }, takes: 4 };
  const after = filled(before, "p", { settings: { duration: 8 } });
  expect(after).toEqual({ ...before, settings: { duration: 8 } });
});

test("an image goes to the image tab with its prompt, and leaves the text tab as it was", () => {
  const before = { ...EMPTY, prompts: { text: "typed", image: "" } };
  const after = filled(before, "p", { prompt: "Goes on", image: "frame" });
  expect(after.tab).toBe("image");
  expect(after.prompts).toEqual({ text: "typed", image: "Goes on" });
  expect(inputsOf(after, "p")).toEqual({ image: "frame", endImage: null });
  expect(inputsOf(after, "another project")).toEqual({ image: null, endImage: null });
});

test("a take without an image goes to the text tab", () => {
  const before = filled(EMPTY, "p", { image: "frame" });
  expect(filled(before, "p", { prompt: "From words", image: null }).tab).toBe("text");
});

test("a filling loses what it writes over, and nothing where there was nothing", () => {
  const typed = { ...EMPTY, prompts: { text: "typed", image: " " } };
  expect(loses(typed, filled(typed, "p", { prompt: "An example" }))).toBe(true);
  expect(loses(typed, filled(typed, "p", { prompt: "typed" }))).toBe(false);
  expect(loses(typed, filled(typed, "p", { prompt: "Goes on", image: "frame" }))).toBe(false);
  const chosen = filled({ ...EMPTY, models: ["animatic"] }, "p", { image: "mine" });
  expect(loses(chosen, filled(chosen, "p", { models: [] }))).toBe(true);
  expect(loses(chosen, filled(chosen, "p", { image: "frame" }))).toBe(true);
  expect(loses(chosen, filled(chosen, "another", { image: "frame" }))).toBe(false);
  expect(loses(EMPTY, filled(EMPTY, "p", { prompt: "x", models: [], image: "y" }))).toBe(false);
});
