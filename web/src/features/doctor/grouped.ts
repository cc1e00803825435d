/** Findings as a person reads them: the worst first, and as a text to pass on. */
import type { Finding } from "../../api/shapes";
import type { IconName } from "../../components/icon";
import { counted, listed } from "../../format/words";

export type Status = Finding["status"];

export interface Group {
  status: Status;
  findings: readonly Finding[];
}

interface Words {
  title: string;
  icon: IconName;
  one: string;
  many: string;
  sign: string;
}

export const STATUSES: Record<Status, Words> = {
  problem: {
    title: "Does not work",
    icon: "error",
    one: "problem",
    many: "problems",
    sign: "PROBLEM",
  },
  warning: {
    title: "To be looked at",
    icon: "warning",
    one: "thing to look at",
    many: "things to look at",
    sign: "WARNING",
  },
  unknown: {
    title: "Could not be looked at",
    icon: "help",
    one: "thing that could not be looked at",
    many: "things that could not be looked at",
    sign: "UNKNOWN",
  },
  ok: {
    title: "In order",
    icon: "check",
    one: "thing in order",
    many: "things in order",
    sign: "ok",
  },
};
const WORST_FIRST: readonly Status[] = ["problem", "warning", "unknown", "ok"];

export function grouped(findings: readonly Finding[]): Group[] {
  return WORST_FIRST.map((status) => ({
    status,
    findings: findings.filter((one) => one.status === status),
  })).filter((group) => group.findings.length > 0);
}

/** "1 problem, 2 things to look at and 14 things in order." */
export function summary(findings: readonly Finding[]): string {
  const parts = grouped(findings).map(({ status, findings: { length } }) =>
    counted(length, STATUSES[status].one, STATUSES[status].many),
  );
  return parts.length === 0 ? "Nothing was looked at." : `${listed(parts)}.`;
}

export function asText(heading: string, findings: readonly Finding[]): string {
  const lines = grouped(findings).flatMap(({ status, findings: group }) =>
    group.flatMap(({ check, code, message, remedy }) => [
      `[${STATUSES[status].sign}] ${check} (${code}): ${message}`,
      ...(remedy ? [`    ${remedy}`] : []),
    ]),
  );
  return [heading, summary(findings), "", ...lines, ""].join("\n");
}
