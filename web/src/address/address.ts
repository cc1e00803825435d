/** What of the page's state lives in the address bar: what is looked for, and what is open. */

export const STATES = [
  "waiting",
  "saved",
  "unsaved",
  "url_only",
  "expired",
  "missing",
  "failed",
  "unconfirmed",
  "cancelled",
] as const;
export const KINDS = ["video", "image", "audio"] as const;
export const FLAGS = ["pick", "reject", "none"] as const;
export const SORTS = [
  "newest",
  "oldest",
  "rating",
  "longest",
  "shortest",
  "largest",
  "name",
] as const;

export type StateName = (typeof STATES)[number];
export type KindName = (typeof KINDS)[number];
export type FlagName = (typeof FLAGS)[number];
export type SortName = (typeof SORTS)[number];

/** What narrows the library down. Nothing set shows everything. */
export interface Filters {
  q: string;
  state: readonly StateName[];
  model: readonly string[];
  kind: readonly KindName[];
  flag: readonly FlagName[];
  /** At least so many stars; null for any. */
  rating: number | null;
  /** Days as `2026-11-01`. */
  since: string | null;
  until: string | null;
  /** Seconds. */
  minDuration: number | null;
  maxDuration: number | null;
  sound: boolean | null;
  /** Only the takes of this shot. */
  shot: string | null;
}

export interface Address extends Filters {
  /** The open project; null leaves it to the page. */
  project: string | null;
  /** Whether the library shows all projects. */
  everywhere: boolean;
  grouped: boolean;
  sort: SortName;
  trashed: boolean;
  /** The card that is open. */
  card: string | null;
  /** The cards that stand side by side. */
  compare: readonly string[];
  /** What the doctor is asked about: `all`, or one asset or generation; null when it is not open. */
  doctor: string | null;
}

/** The doctor looks at the whole studio. */
export const EVERYTHING = "all";

export const NO_FILTERS: Filters = {
  q: "",
  state: [],
  model: [],
  kind: [],
  flag: [],
  rating: null,
  since: null,
  until: null,
  minDuration: null,
  maxDuration: null,
  sound: null,
  shot: null,
};

export const HOME: Address = {
  ...NO_FILTERS,
  project: null,
  everywhere: false,
  grouped: false,
  sort: "newest",
  trashed: false,
  card: null,
  compare: [],
  doctor: null,
};

/** Reads what it knows; what is wrong or unknown is left out. */
export function readAddress(search: string): Address {
  const query = new URLSearchParams(search);
  return {
    q: query.get("q") ?? "",
    state: known(STATES, query.getAll("state")),
    model: query.getAll("model"),
    kind: known(KINDS, query.getAll("kind")),
    flag: known(FLAGS, query.getAll("flag")),
    rating: stars(query.get("rating")),
    since: day(query.get("since")),
    until: day(query.get("until")),
    minDuration: amount(query.get("min_duration")),
    maxDuration: amount(query.get("max_duration")),
    sound: truth(query.get("sound")),
    shot: query.get("shot") || null,
    project: query.get("project") || null,
    everywhere: query.get("in") === "all",
    grouped: query.get("group") === "shots",
    sort: known(SORTS, query.getAll("sort"))[0] ?? HOME.sort,
    trashed: query.get("trashed") === "true",
    card: query.get("card") || null,
    compare: (query.get("compare") ?? "").split(",").filter(Boolean),
    doctor: query.get("doctor") || null,
  };
}

/** The part after the path, `""` for the plain page. */
export function writeAddress(address: Address): string {
  const { project, everywhere, card, compare, doctor } = address;
  const query = new URLSearchParams();
  if (project) query.set("project", project);
  if (everywhere) query.set("in", "all");
  writeFilters(query, address);
  writeView(query, address);
  if (card) query.set("card", card);
  if (compare.length > 0) query.set("compare", compare.join(","));
  if (doctor) query.set("doctor", doctor);
  const text = query.toString().replaceAll("%2C", ",");
  return text === "" ? "" : `?${text}`;
}

/** The filters as the library is asked for them. */
export function writeFilters(query: URLSearchParams, filters: Filters): void {
  const { q, state, model, kind, flag, rating, since, until, sound, shot } = filters;
  if (q.trim() !== "") query.set("q", q);
  for (const name of state) query.append("state", name);
  for (const name of model) query.append("model", name);
  for (const name of kind) query.append("kind", name);
  for (const name of flag) query.append("flag", name);
  const single = {
    rating,
    since,
    until,
    min_duration: filters.minDuration,
    max_duration: filters.maxDuration,
    sound,
    shot,
  };
  for (const [name, value] of Object.entries(single)) {
    if (value !== null) query.set(name, String(value));
  }
}

/** How it is laid out, as the library is asked for it. */
export function writeView(
  query: URLSearchParams,
  { grouped, sort, trashed }: Pick<Address, "grouped" | "sort" | "trashed">,
): void {
  if (grouped) query.set("group", "shots");
  if (sort !== HOME.sort) query.set("sort", sort);
  if (trashed) query.set("trashed", "true");
}

export function isFiltered(filters: Filters): boolean {
  const query = new URLSearchParams();
  writeFilters(query, filters);
  return query.size > 0;
}

function known<T extends string>(names: readonly T[], said: readonly string[]): T[] {
  return names.filter((name) => said.includes(name));
}

function stars(text: string | null): number | null {
  return text !== null && /^[1-5]$/.test(text) ? Number(text) : null;
}

function day(text: string | null): string | null {
  const isDay = text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text);
  return isDay && !Number.isNaN(Date.parse(text)) ? text : null;
}

function amount(text: string | null): number | null {
  const value = Number(text ?? Number.NaN);
  return text !== "" && Number.isFinite(value) && value >= 0 ? value : null;
}

function truth(text: string | null): boolean | null {
  return text === "true" || text === "false" ? text === "true" : null;
}
