import type { Step } from "../../api/shapes";

export interface Span {
  step: Step;
  /** Seconds after the first step. */
  begin: number;
  /** Seconds until the next; null for the last one of what has ended. */
  length: number | null;
  /** Whether it still goes on. */
  isOpen: boolean;
}

/** Each step with the time until the next; the last one of what is under way lasts until now. */
export function spansOf(
  steps: readonly Step[],
  now: number | null,
): { spans: readonly Span[]; total: number } {
  const moments = steps.map(({ at }) => Date.parse(at) / 1000);
  const first = moments[0] ?? 0;
  const last = moments.at(-1) ?? 0;
  const end = now === null ? last : Math.max(last, now / 1000);
  const spans = steps.map((step, index) => {
    const begin = Math.max(0, (moments[index] ?? first) - first);
    const next = moments[index + 1];
    const isOpen = next === undefined && now !== null;
    const until = next ?? (isOpen ? end : null);
    return {
      step,
      begin,
      length: until === null ? null : Math.max(0, until - first - begin),
      isOpen,
    };
  });
  return { spans, total: Math.max(0, end - first) };
}
