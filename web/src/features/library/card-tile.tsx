import { type Card, isPlayable } from "../../cards/card";
import { canCancel, stageOf } from "../../cards/stage";
import { secondsBetween } from "../../format/times";
import { clock, seconds } from "../../format/units";
import { shortened } from "../../format/words";
import { CancelButton } from "./cancel-button";
import styles from "./card-tile.module.css";
import { Screen } from "./screen";

interface Props {
  card: Card;
  model: string | null;
  now: number;
  onOpen: (cardId: string) => void;
}

export function CardTile({ card, model, now, onOpen }: Props) {
  const { generation, asset, name } = card;
  const stage = stageOf(card);
  const isWaiting = stage.tone === "waiting";
  const length = isPlayable(asset) && asset.duration !== null ? seconds(asset.duration) : null;
  const elapsed = isWaiting ? clock(secondsBetween(card.createdAt, now)) : null;
  return (
    <li>
      <article className={styles.card} aria-label={shortened(name, 200)}>
        <Screen card={card} stage={stage} elapsed={elapsed} />
        <div className={styles.text}>
          <button type="button" className={styles.open} onClick={() => onOpen(card.id)}>
            <span className="visually-hidden">Open </span>
            {shortened(name, 140)}
          </button>
          <p className={styles.line}>
            {[asset?.kind === "image" ? "Image" : null, model ?? "Imported", length]
              .filter(Boolean)
              .join(" · ")}
            {isPlayable(asset) && <span>{stage.label}</span>}
          </p>
        </div>
        {generation && canCancel(generation) && <CancelButton id={generation.id} />}
      </article>
    </li>
  );
}
