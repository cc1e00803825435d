/** Tells the studio what went wrong in the page, each thing once and never many at a time. */
import type { PageReport } from "../api/shapes";
import { createReporter } from "./reporter";

const PAUSE = 1_000;
const reporter = createReporter(send, (work) => setTimeout(work, PAUSE));

export const LONGEST = { address: 4_000, message: 500, word: 100 } as const;

export function report(told: Partial<PageReport> & Pick<PageReport, "kind">): void {
  reporter.add({
    kind: told.kind,
    asset_id: told.asset_id ?? null,
    directive: (told.directive ?? "").slice(0, LONGEST.word),
    address: (told.address ?? "").slice(0, LONGEST.address),
    code: (told.code ?? "").slice(0, LONGEST.word),
    message: (told.message ?? "").slice(0, LONGEST.message),
  });
}

function send(reports: readonly PageReport[]): void {
  const body = JSON.stringify({ reports });
  const headers = { "content-type": "application/json" };
  // One that does not arrive is lost: telling of it would only make another.
  fetch("/api/reports", { method: "POST", headers, body, keepalive: true }).catch(() => undefined);
}
