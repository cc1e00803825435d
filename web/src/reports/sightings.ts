/** What the page's policies were seen to refuse, for the player that asks why nothing came. */

export interface Sighting {
  kind: "content" | "embedder";
  address: string;
  /** Milliseconds since the page was opened. */
  at: number;
}

const MOST = 100;
const seen: Sighting[] = [];

export function sight(sighting: Sighting): void {
  seen.push(sighting);
  if (seen.length > MOST) seen.shift();
}

/** What was refused of exactly this address, since a moment. */
export function refusedSince(address: string, since: number) {
  const plain = withoutFragment(address);
  const mine = seen.filter((one) => one.at >= since && withoutFragment(one.address) === plain);
  return {
    content: mine.some(({ kind }) => kind === "content"),
    embedder: mine.some(({ kind }) => kind === "embedder"),
  };
}

const withoutFragment = (address: string): string => address.split("#", 1)[0] ?? "";
