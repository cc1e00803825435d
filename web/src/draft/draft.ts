/** What has been filled in so far. Kept for convenience, so that a reload does not lose typing. */
import type { SettingValue } from "../api/shapes";

export const TABS = ["text", "image"] as const;
export type DraftTab = (typeof TABS)[number];

export interface Inputs {
  image: string | null;
  endImage: string | null;
}

export interface Draft {
  tab: DraftTab;
  /** Each tab keeps what was typed in it. */
  prompts: Readonly<Record<DraftTab, string>>;
  /** Null until some are chosen: then it is the studio's default. */
  models: readonly string[] | null;
  /** By setting name, across models: a model takes what it can. */
  settings: Readonly<Record<string, SettingValue>>;
  takes: number;
  /** By project. */
  inputs: Readonly<Record<string, Inputs>>;
}

/** What another part of the page may fill in, when the person asks for it. */
export interface Filling {
  prompt?: string;
  models?: readonly string[];
  settings?: Readonly<Record<string, SettingValue>>;
  takes?: number;
  /** Null takes the image away: then it is made from text. */
  image?: string | null;
  endImage?: string | null;
}

export const MOST_TAKES = 8;
const NO_INPUTS: Inputs = { image: null, endImage: null };

export const EMPTY: Draft = {
  tab: "text",
  prompts: { text: "", image: "" },
  models: null,
  settings: {},
  takes: 1,
  inputs: {},
};

export const inputsOf = (draft: Draft, projectId: string): Inputs =>
  draft.inputs[projectId] ?? NO_INPUTS;

export function withInputs(draft: Draft, projectId: string, part: Partial<Inputs>): Draft {
  const inputs = { ...inputsOf(draft, projectId), ...part };
  return { ...draft, inputs: { ...draft.inputs, [projectId]: inputs } };
}

export function filled(draft: Draft, projectId: string, part: Filling): Draft {
  const { prompt, image, endImage, ...rest } = part;
  const tab = image === undefined ? draft.tab : image === null ? "text" : "image";
  const prompts = prompt === undefined ? draft.prompts : { ...draft.prompts, [tab]: prompt };
  const changed = { ...draft, ...rest, tab, prompts };
  if (image === undefined && endImage === undefined) return changed;
  return withInputs(changed, projectId, { image: image ?? null, endImage: endImage ?? null });
}

/** Whether something that a person has put in is not there any more. */
export function loses(before: Draft, after: Draft): boolean {
  const isGone = <T>(one: T, other: T, nothing: T) =>
    ![other, nothing].map((each) => JSON.stringify(each)).includes(JSON.stringify(one));
  return (
    TABS.some(
      (tab) =>
        before.prompts[tab].trim() !== "" && isGone(before.prompts[tab], after.prompts[tab], ""),
    ) ||
    isGone(before.models, after.models, EMPTY.models) ||
    isGone(before.settings, after.settings, EMPTY.settings) ||
    Object.entries(before.inputs).some(([project, inputs]) =>
      isGone(inputs, inputsOf(after, project), NO_INPUTS),
    )
  );
}

export function readDraft(kept: unknown): Draft {
  const { tab, prompts, models, settings, takes, inputs } = fieldsOf(kept);
  const { text, image } = fieldsOf(prompts);
  return {
    tab: tab === "image" ? "image" : "text",
    prompts: { text: textOr(text, ""), image: textOr(image, "") },
    models: Array.isArray(models) ? models.filter((id) => typeof id === "string") : null,
    settings: Object.fromEntries(Object.entries(fieldsOf(settings)).filter(isSetting)),
    takes: isTakes(takes) ? takes : 1,
    inputs: Object.fromEntries(
      Object.entries(fieldsOf(inputs)).map(([project, one]) => [project, readInputs(one)]),
    ),
  };
}

function isTakes(value: unknown): value is number {
  return Number.isInteger(value) && 1 <= Number(value) && Number(value) <= MOST_TAKES;
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
