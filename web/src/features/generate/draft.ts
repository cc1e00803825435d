/** What has been filled in so far. Kept for convenience, so that a reload does not lose typing. */

import type { SettingValue } from "../../api/shapes";
import { useRemembered } from "../../components/use-remembered";

export interface Draft {
  prompt: string;
  /** Null until one is chosen: then it is the studio's default. */
  model: string | null;
  /** By setting name, across models: a model takes what it can. */
  settings: Record<string, SettingValue>;
}

export interface Inputs {
  image: string | null;
  endImage: string | null;
}

export const useDraft = () => useRemembered("draft", readDraft);

export const useInputs = (projectId: string) => useRemembered(`inputs.${projectId}`, readInputs);

export function readDraft(kept: unknown): Draft {
  const { prompt, model, settings } = fieldsOf(kept);
  return {
    prompt: textOr(prompt, ""),
    model: textOr(model, null),
    settings: Object.fromEntries(Object.entries(fieldsOf(settings)).filter(isSetting)),
  };
}

function readInputs(kept: unknown): Inputs {
  const { image, endImage } = fieldsOf(kept);
  return { image: textOr(image, null), endImage: textOr(endImage, null) };
}

function fieldsOf(kept: unknown): Record<string, unknown> {
  return typeof kept === "object" && kept !== null ? { ...kept } : {};
}

function textOr<T>(value: unknown, otherwise: T): string | T {
  return typeof value === "string" ? value : otherwise;
}

function isSetting(entry: [string, unknown]): entry is [string, SettingValue] {
  return ["string", "number", "boolean"].includes(typeof entry[1]);
}
