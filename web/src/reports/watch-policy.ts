/** Tells the studio what the page's policy has refused.
 *
 * The browser could send such reports itself, but does not do so over plain loopback HTTP. What it
 * tells the page is the same, comes at once, and goes out with the page's own cookie.
 */
import type { PageReport } from "../api/shapes";
import { createReporter } from "./reporter";

const PAUSE = 1_000;
const reporter = createReporter(send, (work) => setTimeout(work, PAUSE));

/** Before anything is loaded: an observer is told only what happens while it is there. */
export function watchPolicy(): void {
  addEventListener("securitypolicyviolation", (event) => reporter.add(ofViolation(event)));
  if (!("ReportingObserver" in window)) return;
  const observer = new ReportingObserver(
    (reports) => {
      for (const report of reports) if (report.type === "coep") reporter.add(ofEmbedder(report));
    },
    { buffered: true },
  );
  observer.observe();
}

function ofViolation(event: SecurityPolicyViolationEvent): PageReport {
  return {
    kind: "csp",
    asset_id: null,
    directive: event.effectiveDirective.slice(0, 100),
    address: event.blockedURI.slice(0, 4_000),
    code: event.disposition,
    message: "",
  };
}

function ofEmbedder({ body }: Report): PageReport {
  // The fields of this kind are not ones of the interface: the text of it has them.
  const told: Record<string, unknown> = JSON.parse(JSON.stringify(body ?? {}));
  return {
    kind: "embedder",
    asset_id: null,
    directive: text(told["destination"], 100),
    address: text(told["blockedURL"], 4_000),
    code: text(told["disposition"], 100),
    message: "",
  };
}

function text(value: unknown, longest: number): string {
  return typeof value === "string" ? value.slice(0, longest) : "";
}

function send(reports: readonly PageReport[]): void {
  const body = JSON.stringify({ reports });
  const headers = { "content-type": "application/json" };
  // One that does not arrive is lost: telling of it would only make another.
  fetch("/api/reports", { method: "POST", headers, body, keepalive: true }).catch(() => undefined);
}
