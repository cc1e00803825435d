/** Gathers what the page has seen and sends it once in a while, each thing once. */
import type { PageReport } from "../api/shapes";

const MOST_AT_ONCE = 20;
const MOST_EVER = 200;

export interface Reporter {
  add: (report: PageReport) => void;
}

/** `send` gets at most twenty at a time; `later` calls back when it is time to send. */
export function createReporter(
  send: (reports: readonly PageReport[]) => void,
  later: (work: () => void) => void,
): Reporter {
  const told = new Set<string>();
  let waiting: PageReport[] = [];

  function flush() {
    const now = waiting.slice(0, MOST_AT_ONCE);
    waiting = waiting.slice(MOST_AT_ONCE);
    send(now);
    if (waiting.length > 0) later(flush);
  }

  return {
    add(report) {
      const same = JSON.stringify(report);
      if (told.has(same) || told.size >= MOST_EVER) return;
      told.add(same);
      waiting.push(report);
      if (waiting.length === 1) later(flush);
    },
  };
}
