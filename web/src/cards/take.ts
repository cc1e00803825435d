/** Which of the takes of its shot a card is, in words. */
import { shortened } from "../format/words";
import type { Card } from "./card";

/** Null for what was not generated: there are no takes of it. */
export function takeNumberOf({ generation, asset }: Card): number | null {
  if (generation) return generation.take_number;
  return asset?.origin.type === "generated" ? asset.take_number : null;
}

/** "Take 3", null for what is no take. */
export function takeOf(card: Card): string | null {
  const number = takeNumberOf(card);
  return number === null ? null : `Take ${number}`;
}

/** "take 4 of 4" where a card stands for all takes of its shot, and is one of them; else null. */
export function shownTakeOf(card: Card): string | null {
  const number = takeNumberOf(card);
  if (number === null || card.takes < 2) return null;
  // Those in the trash keep their numbers.
  return number <= card.takes ? `take ${number} of ${card.takes}` : `take ${number}`;
}

/** How a card is called where it is one of several of the same name. */
export function calledOf(card: Card, name: string): string {
  const take = takeOf(card)?.toLowerCase();
  return take ? `${name}, ${take}` : name;
}

/** "A heron lifts off, take 3, 2 of 10": which card one has come to. */
export function arrivedAt(card: Card, index: number | null, total: number): string {
  const place =
    index === null ? null : `${(index + 1).toLocaleString()} of ${total.toLocaleString()}`;
  return [calledOf(card, shortened(card.name, 60)), place].filter(Boolean).join(", ");
}
