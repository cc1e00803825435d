/** Where on the page the things are that a notice is about. */
import { type Address, EVERYTHING, HOME } from "../../address/address";
import type { Notice } from "../../api/shapes";

const PROJECT = /^\/api\/projects\/([^/?]+)$/;
const DOCTOR = "/api/doctor";

/** The state that things are in which need a person for this reason. */
const STATES: Readonly<Record<string, Address["state"]>> = {
  generations_failed: ["failed"],
  generations_unconfirmed: ["unconfirmed"],
  clips_expired: ["expired"],
};

/** What the address becomes; null where what the notice offers is no place of the page. */
export function placeOf({
  code,
  action,
}: Pick<Notice, "code" | "action">): Partial<Address> | null {
  if (action?.method !== "GET") return null;
  if (action.href === DOCTOR) return { doctor: EVERYTHING };
  const [, project] = PROJECT.exec(action.href) ?? [];
  if (project === undefined) return null;
  // One may be in the project already: so that something is to be seen, only those are shown.
  return { ...HOME, project: decodeURIComponent(project), state: STATES[code] ?? [] };
}
