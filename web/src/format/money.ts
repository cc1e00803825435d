/** Amounts are decimal text, as the studio sends them: they are shown, never calculated with. */
import type { Estimate, Price } from "../api/shapes";

export function dollars(amount: string): string {
  const [whole = "0", fraction = ""] = amount.split(".");
  const digits = fraction.replace(/0+$/, "").padEnd(2, "0");
  return `$${whole}.${digits}`;
}

export function cost(estimate: Estimate): string {
  if (Number(estimate.high) === 0) return "Free";
  if (Number(estimate.low) === Number(estimate.high)) return dollars(estimate.high);
  return `${dollars(estimate.low)} to ${dollars(estimate.high)}`;
}

/** The price of a second, at the cheapest resolution. */
export function priceHint(price: Price): string {
  const rates = Object.values(price.per_second).sort((a, b) => Number(a) - Number(b));
  const [lowest] = rates;
  if (lowest === undefined || Number(lowest) === 0) return "Free";
  const from = Number(lowest) === Number(rates.at(-1)) ? "" : "from ";
  return `${from}${dollars(lowest)} per second`;
}
