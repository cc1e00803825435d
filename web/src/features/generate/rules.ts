/**
 * Which values the form offers as open, from the model's own table.
 *
 * This only steers: what may be ordered, and for how much, is decided by the studio's quote.
 */
import type { Capabilities, Rule, Setting, SettingValue } from "../../api/shapes";

export type Values = Readonly<Record<string, SettingValue>>;

export function accepts(setting: Setting, value: unknown): value is SettingValue {
  switch (setting.kind) {
    case "choice":
      return setting.values.some((legal) => legal === value);
    case "toggle":
      return typeof value === "boolean";
    case "number":
      return Number.isInteger(value) && isWithin(setting, Number(value));
  }
}

/** Why this value cannot be chosen beside the others as they are; null when it can. */
export function whyClosed(
  { rules }: Capabilities,
  values: Values,
  name: string,
  candidate: SettingValue,
): string | null {
  const trial = { ...values, [name]: candidate };
  const broken = rules.find((rule) => concerns(rule, name) && !isKept(rule, trial));
  return broken?.because ?? null;
}

/** The wanted values as far as this model takes them together; its defaults for the others. */
export function fitted(capabilities: Capabilities, wanted: Values): Values {
  const values: Record<string, SettingValue> = {};
  for (const setting of capabilities.settings) values[setting.name] = setting.default;
  for (const setting of capabilities.settings) {
    const value = wanted[setting.name];
    if (!accepts(setting, value)) continue;
    const trial = { ...values, [setting.name]: value };
    if (capabilities.rules.every((rule) => isKept(rule, trial))) values[setting.name] = value;
  }
  return values;
}

/** What is sent: a number left at its default is not, so that the studio varies it by take. */
export function ordered(capabilities: Capabilities, values: Values): Values {
  const isLeft = ({ kind, name, default: usual }: Setting) =>
    kind === "number" && values[name] === usual;
  const left = new Set(capabilities.settings.filter(isLeft).map(({ name }) => name));
  return Object.fromEntries(Object.entries(values).filter(([name]) => !left.has(name)));
}

function isKept(rule: Rule, values: Values): boolean {
  const trigger = values[rule.when];
  if (trigger === undefined || !rule.among.includes(trigger)) return true;
  return Object.entries(rule.then).every(([name, legal]) => {
    const value = values[name];
    return value === undefined || legal.includes(value);
  });
}

function concerns(rule: Rule, name: string): boolean {
  return rule.when === name || name in rule.then;
}

function isWithin({ minimum, maximum }: { minimum: number; maximum: number }, value: number) {
  return minimum <= value && value <= maximum;
}
