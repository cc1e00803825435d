/** Several models under one form: which settings they share, and where one has to differ. */
import type { Capabilities, Choice, Model, Setting, SettingValue } from "../../api/shapes";
import { settingValue } from "../../format/words";
import { accepts, fitted, sizeOf, type Values, whyClosed } from "./rules";

/** One chosen model, with the values that it would be sent. */
export interface Chosen {
  model: Model;
  capabilities: Capabilities;
  values: Values;
}

export interface Group {
  /** Null: all of them. */
  models: readonly Model[] | null;
  settings: readonly Setting[];
}

export interface Misfit {
  model: Model;
  words: string;
}

export function chosenOf(
  models: readonly Model[],
  task: "text-to-video" | "image-to-video",
  wanted: Values,
): Chosen[] {
  return models.flatMap((model) => {
    const capabilities = model.tasks[task];
    return capabilities ? [{ model, capabilities, values: fitted(capabilities, wanted) }] : [];
  });
}

/** The settings that all take, then those that only some do, under their names. */
export function groupsOf(chosen: readonly Chosen[]): Group[] {
  const groups = new Map<string, { models: readonly Model[] | null; settings: Setting[] }>();
  groups.set("", { models: null, settings: [] });
  for (const setting of merged(chosen)) {
    const takers = takersOf(chosen, setting.name).map(({ model }) => model);
    const isShared = takers.length === chosen.length;
    const key = isShared ? "" : takers.map(({ id }) => id).join(" ");
    const group = groups.get(key) ?? { models: takers, settings: [] };
    group.settings.push(setting);
    groups.set(key, group);
  }
  return [...groups.values()].filter(({ settings }) => settings.length > 0);
}

/** The value that the form shows: the wanted one where any model takes it. */
export function shownValue(chosen: readonly Chosen[], name: string, wanted: Values): SettingValue {
  const takers = takersOf(chosen, name);
  const isTaken = takers.some(({ values }) => values[name] === wanted[name]);
  const value = isTaken ? wanted[name] : takers[0]?.values[name];
  return value ?? "";
}

/** Why no model can have this value beside the others; null when at least one can. */
export function whyAllClosed(
  chosen: readonly Chosen[],
  name: string,
  candidate: SettingValue,
): string | null {
  const able = takersOf(chosen, name).filter(({ capabilities }) =>
    capabilities.settings.some((setting) => setting.name === name && accepts(setting, candidate)),
  );
  const reasons = able.map(({ capabilities, values }) =>
    whyClosed(capabilities, values, name, candidate),
  );
  return reasons.includes(null) ? null : (reasons[0] ?? null);
}

/** Where a model gets another value than the form shows, before anything is ordered. */
export function misfitsOf(chosen: readonly Chosen[], wanted: Values): Misfit[] {
  return chosen.flatMap(({ model, capabilities, values }) => {
    const differing = capabilities.settings.flatMap((setting) => {
      const shown = shownValue(chosen, setting.name, wanted);
      const own = values[setting.name] ?? setting.default;
      if (own === shown) return [];
      const unit = setting.kind === "choice" ? setting.unit : "";
      const label = setting.label.toLowerCase();
      return [`${label} ${settingValue(own, unit)} instead of ${settingValue(shown, unit)}`];
    });
    return differing.length > 0 ? [{ model, words: differing.join(", ") }] : [];
  });
}

function takersOf(chosen: readonly Chosen[], name: string): Chosen[] {
  return chosen.filter(({ capabilities }) =>
    capabilities.settings.some((setting) => setting.name === name),
  );
}

/** Each setting once, in the models' order, with everything that any of them offers. */
function merged(chosen: readonly Chosen[]): Setting[] {
  const settings = new Map<string, Setting>();
  for (const setting of chosen.flatMap(({ capabilities }) => capabilities.settings)) {
    const before = settings.get(setting.name);
    settings.set(setting.name, before ? joined(before, setting) : setting);
  }
  return [...settings.values()];
}

function joined(one: Setting, other: Setting): Setting {
  if (one.kind === "choice" && other.kind === "choice") return joinedChoice(one, other);
  if (one.kind === "number" && other.kind === "number") {
    return {
      ...one,
      minimum: Math.min(one.minimum, other.minimum),
      maximum: Math.max(one.maximum, other.maximum),
    };
  }
  return one;
}

function joinedChoice(one: Choice, other: Choice): Choice {
  const values = [...one.values, ...other.values.filter((value) => !one.values.includes(value))];
  return { ...one, values: values.sort(bySize) };
}

/** Words first, as the models list them, then what has a size, from small to large. */
function bySize(one: SettingValue, other: SettingValue): number {
  const [a, b] = [sizeOf(one), sizeOf(other)];
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return a - b;
}
