/** Notes what the page's policy has refused, and tells the studio.
 *
 * The browser could send such reports itself, but does not do so over plain loopback HTTP. What it
 * tells the page is the same, comes at once, and goes out with the page's own cookie.
 */
import { report } from "./report";
import { sight } from "./sightings";

const ENFORCED = "enforce";

/** Before anything is loaded: an observer is told only what happens while it is there. */
export function watchPolicy(): void {
  addEventListener("securitypolicyviolation", noteViolation);
  if (!("ReportingObserver" in window)) return;
  const observer = new ReportingObserver(
    (reports) => {
      for (const one of reports) if (one.type === "coep") noteEmbedder(one);
    },
    { buffered: true },
  );
  observer.observe();
}

function noteViolation(event: SecurityPolicyViolationEvent): void {
  const { effectiveDirective: directive, blockedURI: address, disposition } = event;
  if (disposition === ENFORCED) sight({ kind: "content", address, at: performance.now() });
  report({ kind: "csp", directive, address, code: disposition });
}

function noteEmbedder({ body }: Report): void {
  // The fields of this kind are not ones of the interface: the text of it has them.
  const told: Record<string, unknown> = JSON.parse(JSON.stringify(body ?? {}));
  const [directive, address, code] = [told.destination, told.blockedURL, told.disposition].map(
    text,
  );
  if (!address) return;
  if (code === ENFORCED) sight({ kind: "embedder", address, at: performance.now() });
  report({ kind: "embedder", directive: directive ?? "", address, code: code ?? "" });
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
