import { memo, useId, useState } from "react";
import { type Card, isPlayable } from "../../cards/card";
import { observed, stageOf } from "../../cards/stage";
import { calledOf, takeOf } from "../../cards/take";
import { Icon } from "../../components/icon";
import { secondsBetween } from "../../format/times";
import { clock, seconds } from "../../format/units";
import { sentence, shortened } from "../../format/words";
import { CardActions } from "./card-actions";
import styles from "./card-tile.module.css";
import type { Layout } from "./layout";
import { Marks } from "./marks";
import { Screen } from "./screen";

interface Props {
  card: Card | null;
  index: number;
  layout: Layout;
  isActive: boolean;
  isSelected: boolean;
  isChoosing: boolean;
  isLively: boolean;
  isMoving: boolean;
  /** Whether it stands for all takes of its shot. */
  isGrouped: boolean;
  model: string | null;
  /** Zero while nothing of it changes with time. */
  now: number;
  onOpen: (index: number, cardId: string) => void;
  onPoint: (cardId: string | null) => void;
  onToggle: (card: Card) => void;
}

/** One card at its place: a row of the grid for assistive technology, wherever it stands. */
export const CardTile = memo(function CardTile(props: Props) {
  const { card, index, layout, isSelected, isActive } = props;
  const { columns, cardWidth, cardHeight, gap, rowHeight } = layout;
  const x = (index % columns) * (cardWidth + gap);
  const y = Math.floor(index / columns) * rowHeight;
  return (
    // biome-ignore lint/a11y/useSemanticElements: as in the grid
    // biome-ignore lint/a11y/useFocusableInteractive: the focus is on the card in it
    <div
      role="row"
      aria-rowindex={index + 1}
      aria-selected={isSelected}
      data-place={index}
      className={styles.place}
      style={{ width: cardWidth, height: cardHeight, transform: `translate(${x}px, ${y}px)` }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as in the grid */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
      <div role="gridcell" className={styles.cell}>
        {card ? <Filled {...props} card={card} /> : <Coming isActive={isActive} />}
      </div>
    </div>
  );
});

function Filled(props: Props & { card: Card }) {
  const { card, index, isActive, isSelected, isChoosing, isLively, isMoving, model, now } = props;
  const id = useId();
  const [isHushed, setHushed] = useState(false);
  const { asset, name, takes } = card;
  const stage = stageOf(card);
  const elapsed = now > 0 ? clock(secondsBetween(card.createdAt, now)) : null;
  return (
    <article
      className={styles.card}
      aria-labelledby={`${id}-name`}
      data-selected={isSelected}
      data-tone={stage.tone}
      onPointerEnter={({ pointerType }) => {
        setHushed(false);
        if (pointerType === "mouse") props.onPoint(card.id);
      }}
      onPointerLeave={() => props.onPoint(null)}
      onFocus={() => setHushed(false)}
      onKeyDown={({ key }) => key === "Escape" && setHushed(true)}
    >
      <Screen
        card={card}
        stage={stage}
        elapsed={elapsed}
        isMoving={isMoving}
        isTold={isLively && !isHushed}
      />
      <div className={styles.text}>
        <button
          type="button"
          className={styles.open}
          tabIndex={isActive ? 0 : -1}
          data-main=""
          aria-describedby={`${id}-facts`}
          onClick={() => props.onOpen(index, card.id)}
        >
          <span className="visually-hidden">Open </span>
          <bdi id={`${id}-name`}>{shortened(name, 140)}</bdi>
        </button>
        <div className={styles.line} id={`${id}-facts`}>
          <p className={styles.facts}>{factsOf(card, model)}</p>
          <span className="visually-hidden">
            {[stage.label, stage.detail, stage.remedy, observed(stage)]
              .filter(Boolean)
              .map(sentence)
              .join(" ")}
          </span>
          {asset && <Marks rating={asset.rating} flag={asset.flag} />}
        </div>
      </div>
      {props.isGrouped && takes > 1 && (
        <span className={styles.takes}>
          <Icon name="takes" />
          {takes} takes
        </span>
      )}
      {(isLively || isChoosing || isSelected) && (
        <label className={styles.choose}>
          <input
            type="checkbox"
            checked={isSelected}
            tabIndex={isActive ? 0 : -1}
            aria-label={`Select ${calledOf(card, shortened(name, 60))}`}
            onChange={() => props.onToggle(card)}
          />
          <span className={styles.tick}>
            <Icon name="check" />
          </span>
        </label>
      )}
      <CardActions card={card} stage={stage} isActive={isActive} isLively={isLively} />
    </article>
  );
}

/** What tells it from others of the same name. */
function factsOf(card: Card, model: string | null): string {
  const { asset } = card;
  const isMoving = isPlayable(asset) && asset.kind !== "image";
  const length = isMoving && asset.duration !== null ? seconds(asset.duration) : null;
  return [takeOf(card), model ?? sourceOf(asset), kindOf(asset), length]
    .filter(Boolean)
    .join(" · ");
}

const sourceOf = (asset: Card["asset"]): string =>
  asset?.origin.type === "frame" ? "Frame" : "Imported";

function kindOf(asset: Card["asset"]): string | null {
  if (asset?.kind === "audio") return "Sound";
  return asset?.kind === "image" && asset.origin.type !== "frame" ? "Image" : null;
}

/** A place whose card is on its way: as large as the card. */
function Coming({ isActive }: { isActive: boolean }) {
  return (
    <div
      className={styles.coming}
      role="img"
      aria-label="Loading"
      tabIndex={isActive ? 0 : -1}
      data-main=""
    >
      <div className={styles.comingScreen} />
      <div className={styles.comingLine} />
    </div>
  );
}
