/** Where on the form a problem belongs: beside the field that the studio names. */
import type { Problem } from "../../api/shapes";

export type Placed = (field: string) => Problem | null;

export function placed(problem: Problem | null, fields: readonly string[]): Placed {
  const named = problem?.facts?.field;
  const field = typeof named === "string" && fields.includes(named) ? named : "order";
  return (asked) => (asked === field ? problem : null);
}
