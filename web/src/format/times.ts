/** Moments as a person reads them, in their own time zone. */
const time = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export const timeOfDay = (iso: string): string => time.format(new Date(iso));
export const dateAndTime = (iso: string): string => day.format(new Date(iso));

export function secondsBetween(from: string, until: string | number): number {
  const end = typeof until === "number" ? until : Date.parse(until);
  return Math.max(0, (end - Date.parse(from)) / 1000);
}
