/** The words of the filters and orders. */
import type { Filters, FlagName, KindName, SortName, StateName } from "../../address/address";
import { counted, shortened } from "../../format/words";

export const STATE_WORDS: Record<StateName, string> = {
  waiting: "Under way",
  saved: "Saved",
  unsaved: "Unsaved",
  url_only: "URL only",
  expired: "Expired",
  missing: "Missing",
  failed: "Failed",
  unconfirmed: "Unconfirmed",
  cancelled: "Cancelled",
};
export const KIND_WORDS: Record<KindName, string> = {
  video: "Video",
  image: "Images",
  audio: "Sound files",
};
export const FLAG_WORDS: Record<FlagName, string> = {
  pick: "Picked",
  reject: "Rejected",
  none: "No flag",
};
export const SORT_WORDS: Record<SortName, string> = {
  newest: "Newest first",
  oldest: "Oldest first",
  rating: "Best rated first",
  longest: "Longest first",
  shortest: "Shortest first",
  largest: "Largest file first",
  name: "By name",
};

export interface FilterOn {
  key: string;
  label: string;
  /** The change that takes it away. */
  without: Partial<Filters>;
}

/** Each filter that is on, in words. */
export function filtersOn(filters: Filters, titleOf: (model: string) => string): FilterOn[] {
  const { q, state, model, kind, flag, rating, since, until, sound, shot } = filters;
  const on: FilterOn[] = [];
  const add = (key: string, label: string, without: Partial<Filters>) =>
    on.push({ key, label, without });
  if (q.trim()) add("q", `“${shortened(q, 40)}”`, { q: "" });
  for (const name of state) {
    add(`state-${name}`, STATE_WORDS[name], { state: state.filter((one) => one !== name) });
  }
  for (const id of model) {
    add(`model-${id}`, titleOf(id), { model: model.filter((one) => one !== id) });
  }
  for (const name of kind) {
    add(`kind-${name}`, KIND_WORDS[name], { kind: kind.filter((one) => one !== name) });
  }
  for (const name of flag) {
    add(`flag-${name}`, FLAG_WORDS[name], { flag: flag.filter((one) => one !== name) });
  }
  if (rating !== null) add("rating", ratingWords(rating), { rating: null });
  if (since || until) add("date", dateWords(since, until), { since: null, until: null });
  const { minDuration, maxDuration } = filters;
  if (minDuration !== null || maxDuration !== null) {
    const without = { minDuration: null, maxDuration: null };
    add("length", lengthWords(minDuration, maxDuration), without);
  }
  if (sound !== null) add("sound", sound ? "With sound" : "Without sound", { sound: null });
  if (shot !== null) add("shot", "Takes of one shot", { shot: null });
  return on;
}

export const ratingWords = (rating: number): string =>
  rating === 5 ? "5 stars" : `${counted(rating, "star")} or more`;

function dateWords(since: string | null, until: string | null): string {
  if (since && since === until) return dayWords(since);
  if (since && until) return `${dayWords(since)} to ${dayWords(until)}`;
  return since ? `Since ${dayWords(since)}` : `Until ${dayWords(until ?? "")}`;
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const dayWords = (text: string): string => day.format(new Date(`${text}T00:00:00`));

function lengthWords(least: number | null, most: number | null): string {
  if (least !== null && most !== null) return `${least} to ${most} s`;
  return least === null ? `Up to ${most} s` : `${least} s or longer`;
}
