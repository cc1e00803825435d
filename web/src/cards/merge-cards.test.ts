import { expect, test } from "vitest";
import { asset, generation } from "./examples";
import { mergeCards } from "./merge-cards";

const whole = <T>(...items: T[]) => ({ items, isCutOff: false });
const cutOff = <T>(...items: T[]) => ({ items, isCutOff: true });
const ids = (cards: { id: string }[]) => cards.map(({ id }) => id);

test("a generation and its asset are one card", () => {
  const asked = generation("g", { asset_id: "a", created_at: "2026-11-01T10:00:00Z" });
  const made = asset("a", { created_at: "2026-11-01T10:00:40Z" }, "g");
  const [card, ...others] = mergeCards(whole(asked), whole(made));
  expect(others).toEqual([]);
  expect(card?.id).toBe("g");
  expect(card?.asset?.id).toBe("a");
});

test("generations and imported assets stand together, newest first", () => {
  const cards = mergeCards(
    whole(
      generation("late", { created_at: "2026-11-01T12:00:00.5Z" }),
      generation("early", { created_at: "2026-11-01T09:00:00Z" }),
    ),
    whole(asset("imported", { created_at: "2026-11-01T10:00:00Z" })),
  );
  expect(ids(cards)).toEqual(["late", "imported", "early"]);
});

test("nothing is shown from before the point where a list is cut off", () => {
  const cards = mergeCards(
    cutOff(generation("g", { created_at: "2026-11-01T12:00:00Z" })),
    whole(
      asset("newer", { created_at: "2026-11-01T13:00:00Z" }),
      asset("older", { created_at: "2026-11-01T11:00:00Z" }),
    ),
  );
  expect(ids(cards)).toEqual(["newer", "g"]);
});

test("an asset whose generation is not listed stands alone, once all generations are listed", () => {
  const made = asset("a", {}, "gone");
  expect(ids(mergeCards(whole(), whole(made)))).toEqual(["a"]);
  expect(ids(mergeCards(cutOff(), whole(made)))).toEqual([]);
});
