import { useRef } from "react";
import { useCard } from "../../api/library";
import type { Model } from "../../api/shapes";
import type { Card } from "../../cards/card";
import { FullPage } from "../../review/full-page";
import { CompareBody } from "./compare-body";

interface Props {
  /** The cards that the address names. */
  cardIds: readonly string[];
  models: readonly Model[];
  onClose: () => void;
  onChange: (cardIds: readonly string[]) => void;
  onOpen: (cardId: string) => void;
}

const MOST_SIDES = 4;

/** Two to four takes side by side, under one transport. */
export function Compare({ cardIds, models, onClose, onChange, onOpen }: Props) {
  const stage = useRef<HTMLElement>(null);
  const ids = [...new Set(cardIds)].slice(0, MOST_SIDES);
  const cards = useCards(ids);
  const shown = useRef<readonly Card[]>([]);
  if (ids.length > 0) shown.current = cards.filter((card) => card !== null);
  const isOpen = ids.length > 0;
  return (
    <FullPage title="Compare takes" isOpen={isOpen} onClose={onClose} initialFocus={stage}>
      <CompareBody
        cards={shown.current}
        models={models}
        stage={stage}
        onClose={onClose}
        onOpen={onOpen}
        onRemove={(id) => onChange(ids.filter((other) => other !== id))}
      />
    </FullPage>
  );
}

/** As many as may stand side by side: the number of questions is always the same. */
function useCards(ids: readonly string[]): readonly (Card | null)[] {
  const [a, b, c, d] = [
    useCard(ids[0] ?? null),
    useCard(ids[1] ?? null),
    useCard(ids[2] ?? null),
    useCard(ids[3] ?? null),
  ];
  return [a, b, c, d].map(({ card }) => card);
}
