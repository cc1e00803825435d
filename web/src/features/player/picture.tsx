import type { RefObject } from "react";
import { mediaAddress, posterAddress } from "../../api/assets";
import { type Card, isPlayable } from "../../cards/card";
import type { Stage } from "../../cards/stage";
import styles from "./picture.module.css";

interface Props {
  card: Card;
  stage: Stage;
  video: RefObject<HTMLVideoElement | null>;
}

const isMotionReduced = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

export function Picture({ card: { asset, name }, stage, video }: Props) {
  if (!isPlayable(asset)) {
    return (
      <div className={styles.blank} data-tone={stage.tone}>
        <p className={styles.word}>{stage.label}</p>
        {stage.detail && <p>{stage.detail}</p>}
        {stage.remedy && <p className={styles.remedy}>{stage.remedy}</p>}
      </div>
    );
  }
  if (asset.kind === "image") {
    return <img className={styles.picture} src={mediaAddress(asset.id)} alt={name} />;
  }
  return (
    // biome-ignore lint/a11y/useMediaCaption: a generated clip comes without captions
    <video
      key={asset.id}
      ref={video}
      className={styles.picture}
      src={mediaAddress(asset.id)}
      poster={posterAddress(asset.id)}
      aria-label={name}
      autoPlay={!isMotionReduced()}
      controls
      playsInline
      preload="metadata"
    />
  );
}
