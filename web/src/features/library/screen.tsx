import { useState } from "react";
import { posterAddress } from "../../api/assets";
import type { Asset } from "../../api/shapes";
import { type Card, hasStill, isPlayable } from "../../cards/card";
import { observed, type Stage } from "../../cards/stage";
import { Icon } from "../../components/icon";
import { Phases } from "./phases";
import { Preview } from "./preview";
import styles from "./screen.module.css";

interface Props {
  card: Card;
  stage: Stage;
  elapsed: string | null;
  isMoving: boolean;
  /** Whether everything about its state is said, over the picture. */
  isTold: boolean;
}

/** The picture of a card, or in words what there is while there is none. */
export function Screen({ card: { asset }, stage, elapsed, isMoving, isTold }: Props) {
  const isTroubled = stage.tone === "attention" || stage.tone === "failed";
  const isAll = isTold && isTroubled;
  const [unseen, setUnseen] = useState("");
  // The words give way once there is something to see.
  const preview = isMoving && isElsewhere(asset) && isTroubled && (
    <Preview asset={asset}>
      <Badge stage={stage} />
    </Preview>
  );
  if (hasStill(asset) && asset.id !== unseen) {
    return (
      <div className={styles.screen}>
        {asset.kind === "audio" ? (
          <span className={styles.sound}>
            <Icon name="sound" />
          </span>
        ) : (
          <img
            className={styles.poster}
            src={posterAddress(asset.id)}
            alt=""
            loading="lazy"
            decoding="async"
            onError={() => setUnseen(asset.id)}
          />
        )}
        {asset.kind === "video" && isMoving && !isAll && isPlayable(asset) && (
          <Preview asset={asset} />
        )}
        {isTroubled && !isAll && <Badge stage={stage} />}
        {isAll && <Told stage={stage} />}
        {preview}
      </div>
    );
  }
  if (isAll) {
    return (
      <div className={styles.blank} data-tone={stage.tone}>
        <Told stage={stage} />
        {preview}
      </div>
    );
  }
  const detail = [stage.detail, elapsed].filter(Boolean).join(" · ");
  return (
    <div className={styles.blank} data-tone={stage.tone}>
      <p className={styles.word}>
        {stage.tone !== "waiting" && <Icon name={stage.icon} />}
        {stage.label}
      </p>
      {detail && <p className={styles.detail}>{detail}</p>}
      {stage.phase !== null && <Phases phase={stage.phase} fraction={stage.fraction} />}
    </div>
  );
}

/** Whether its bytes may be had, though they are not here. */
function isElsewhere(asset: Asset | null): asset is Asset {
  return asset?.kind === "video" && asset.media.url !== null && asset.media.state !== "expired";
}

function Badge({ stage }: { stage: Stage }) {
  return (
    <p className={styles.badge} data-tone={stage.tone}>
      <Icon name={stage.icon} />
      {stage.label}
    </p>
  );
}

/**
 * Everything that is known of the trouble. It can be pointed at, and Escape takes it away. For
 * assistive technology the same words describe the card.
 */
function Told({ stage }: { stage: Stage }) {
  return (
    // What scrolls would be a Tab stop, and this one has no name.
    <div className={styles.told} data-tone={stage.tone} aria-hidden="true" tabIndex={-1}>
      <p className={styles.toldWord}>
        <Icon name={stage.icon} />
        {stage.label}
      </p>
      {stage.at && <p className={styles.quiet}>{observed(stage)}</p>}
      <p>{stage.detail}</p>
      {stage.remedy && <p className={styles.quiet}>{stage.remedy}</p>}
    </div>
  );
}
