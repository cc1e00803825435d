/** What came of trying to bring clips here, in a sentence. */
import type { RecoveryResults } from "../api/shapes";
import { sentence } from "./words";

export interface Outcome {
  title: string;
  detail: string;
  level: "success" | "info" | "warning";
}

export function outcomeOf({ items, saved, not_saved }: RecoveryResults): Outcome {
  if (items.length === 0) {
    return { title: "There was nothing to do.", detail: "", level: "info" };
  }
  if (not_saved === 0) return { title: savedTitle(saved), detail: "", level: "success" };
  const underWay = items.filter(({ under_way }) => under_way).length;
  if (underWay === not_saved) {
    const title = underWay === 1 ? "A clip is on its way." : `${count(underWay)} are on their way.`;
    return { title, detail: saved > 0 ? savedTitle(saved) : "", level: "info" };
  }
  const error = items.find((item) => item.error !== null)?.error;
  return {
    title:
      items.length === 1
        ? "The clip could not be saved."
        : `${not_saved.toLocaleString()} of ${count(items.length)} could not be saved.`,
    detail: error ? sentence(error.message) : "",
    level: "warning",
  };
}

const savedTitle = (saved: number): string =>
  saved === 1 ? "The clip is saved." : `${count(saved)} are saved.`;

const count = (clips: number): string => `${clips.toLocaleString()} clips`;
