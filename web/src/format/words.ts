/** A setting's value and a problem's sentences, in words. */
import type { Problem, SettingValue } from "../api/shapes";

export function settingValue(value: SettingValue, unit = ""): string {
  if (value === true) return "On";
  if (value === false) return "Off";
  if (typeof value === "number") return unit ? `${value} ${unit}` : String(value);
  const text = value.replaceAll("_", " ");
  return capitalized(text);
}

export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

export function sentences({ title, detail, remedy }: Problem): string {
  return [title, detail, remedy].filter(Boolean).join(" ");
}

export function shortened(text: string, limit = 90): string {
  const line = text.trim().replace(/\s+/g, " ");
  return line.length <= limit ? line : `${line.slice(0, limit - 1).trimEnd()}…`;
}

/** "1 item", "3 items", "12,000 items". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}

export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What the studio writes as `code`, in quotation marks. */
export const quoted = (text: string): string => text.replace(/`([^`]+)`/g, "“$1”");

export const takesInWords = (count: number): string => (count === 1 ? "1 take" : `${count} takes`);

/** With its full stop. */
export const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);
