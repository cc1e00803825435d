import type { Library as Listed } from "../../api/library";
import { problemOf } from "../../api/request";
import type { Model } from "../../api/shapes";
import type { Card } from "../../cards/card";
import { isUnderWay } from "../../cards/stage";
import { ProblemNote } from "../../components/problem-note";
import { useNow } from "../../components/use-now";
import { CardTile } from "./card-tile";
import { ImportButton } from "./import-button";
import styles from "./library.module.css";
import { useAnnouncedEnds } from "./use-announced-ends";

interface Props {
  projectId: string;
  models: readonly Model[];
  library: Listed;
  onOpen: (cardId: string) => void;
}

export function Library({ projectId, models, library: list, onOpen }: Props) {
  const cards = Array.from({ length: Math.min(list.total ?? 0, 120) }, (_, index) =>
    list.cardAt(index),
  ).filter((card) => card !== null);
  const now = useNow(cards.some(isUnderWay));
  useAnnouncedEnds(cards);
  const titles = new Map(models.map(({ id, title }) => [id, title]));
  return (
    <section className={styles.library} aria-labelledby="library-title">
      <header className={styles.head}>
        <h2 id="library-title">Library</h2>
        <ImportButton projectId={projectId} />
      </header>
      {list.error && <ProblemNote problem={problemOf(list.error)} />}
      {list.total === 0 && (
        <p className={styles.empty}>
          Nothing here yet. What you ask for appears here at once and fills in as it comes.
        </p>
      )}
      <ul className={styles.cards}>
        {cards.map((card) => (
          <CardTile
            key={card.id}
            card={card}
            model={titles.get(modelOf(card) ?? "") ?? modelOf(card)}
            now={now}
            onOpen={onOpen}
          />
        ))}
      </ul>
    </section>
  );
}

function modelOf({ generation, asset }: Card): string | null {
  if (generation) return generation.model;
  return asset?.origin.type === "generated" ? asset.origin.model : null;
}
