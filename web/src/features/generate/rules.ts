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

/**
 * The wanted values as far as this model takes them together. What it does not take becomes the
 * nearest that it does, or its default where nothing is near.
 */
export function fitted(capabilities: Capabilities, wanted: Values): Values {
  const values: Record<string, SettingValue> = {};
  for (const setting of capabilities.settings) values[setting.name] = setting.default;
  for (const setting of capabilities.settings) {
    const candidates = byNearness(setting, wanted[setting.name]);
    const best = candidates.find((candidate) => {
      const trial = { ...values, [setting.name]: candidate };
      return capabilities.rules.every((rule) => isKept(rule, trial));
    });
    if (best !== undefined) values[setting.name] = best;
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

/** The values that may stand for the wanted one, the nearest first. */
function byNearness(setting: Setting, wanted: SettingValue | undefined): SettingValue[] {
  if (wanted === undefined) return [];
  if (setting.kind !== "choice") return accepts(setting, wanted) ? [wanted] : [];
  const size = sizeOf(wanted);
  if (size === null) return accepts(setting, wanted) ? [wanted] : [];
  return setting.values
    .filter((value) => typeof value === typeof wanted && sizeOf(value) !== null)
    .sort((one, other) => distance(one, size) - distance(other, size));
}

const distance = (value: SettingValue, size: number) => Math.abs((sizeOf(value) ?? 0) - size);

/** How large a value is, where it has a size: 10 s, or `1080p`. */
export function sizeOf(value: SettingValue): number | null {
  if (typeof value === "number") return value;
  if (typeof value === "string" && /^\d+p$/.test(value)) return Number.parseInt(value, 10);
  return null;
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
