import { posterAddress } from "../../api/assets";
import { type Card, isPlayable } from "../../cards/card";
import type { Stage } from "../../cards/stage";
import { Phases } from "./phases";
import styles from "./screen.module.css";

interface Props {
  card: Card;
  stage: Stage;
  elapsed: string | null;
}

/** The picture of a card, or in words what there is while there is none. */
export function Screen({ card: { asset }, stage, elapsed }: Props) {
  if (isPlayable(asset)) {
    return (
      <div className={styles.screen}>
        <img className={styles.poster} src={posterAddress(asset.id)} alt="" loading="lazy" />
        {asset.kind !== "image" && (
          <span className={styles.play}>
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <path d="M5.5 3.6v8.8L12.5 8z" />
            </svg>
          </span>
        )}
      </div>
    );
  }
  const detail = [stage.detail, elapsed].filter(Boolean).join(" · ");
  return (
    <div className={styles.blank} data-tone={stage.tone}>
      <p className={styles.word}>{stage.label}</p>
      {detail && <p className={styles.detail}>{detail}</p>}
      {stage.remedy && <p className={styles.remedy}>{stage.remedy}</p>}
      {stage.phase !== null && <Phases phase={stage.phase} fraction={stage.fraction} />}
    </div>
  );
}
