import { mediaAddress, posterAddress } from "../../api/assets";
import { ACTIONS, actionsOf } from "../../cards/actions";
import { useActs } from "../../cards/acts";
import { type Card, isPlayable } from "../../cards/card";
import type { Stage } from "../../cards/stage";
import { Button } from "../../components/button";
import { Icon } from "../../components/icon";
import { shapeOf } from "../../playback/shape";
import type { Clip } from "../../playback/use-clip";
import styles from "./picture.module.css";

interface Props {
  card: Card;
  stage: Stage;
  clip: Clip;
  isLooping: boolean;
}

const isMotionReduced = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

export function Picture({ card, stage, clip, isLooping }: Props) {
  const { asset, name } = card;
  if (!isPlayable(asset)) return <Blank card={card} stage={stage} />;
  const shape = shapeOf(asset);
  if (asset.kind === "image") {
    return (
      <div className={styles.screen}>
        <img
          key={asset.id}
          className={styles.picture}
          style={shape}
          src={mediaAddress(asset.id)}
          alt={name}
        />
      </div>
    );
  }
  if (asset.kind === "audio") {
    return (
      <div className={styles.screen}>
        {/* biome-ignore lint/a11y/useMediaCaption: a sound comes without captions */}
        <audio key={asset.id} className={styles.sound} src={mediaAddress(asset.id)} controls />
      </div>
    );
  }
  return (
    <div className={styles.screen}>
      {/* biome-ignore lint/a11y/useMediaCaption: a generated clip comes without captions */}
      <video
        key={asset.id}
        ref={clip.attach}
        className={styles.picture}
        style={shape}
        src={mediaAddress(asset.id)}
        poster={posterAddress(asset.id)}
        aria-label={name}
        autoPlay={!isMotionReduced()}
        loop={isLooping}
        playsInline
        disablePictureInPicture
        preload="auto"
        onClick={clip.toggle}
      />
      {clip.failure && (
        <p className={styles.failure} role="alert">
          <Icon name="warning" />
          {clip.failure}
        </p>
      )}
    </div>
  );
}

/** In words what there is, while there is no picture; and what can be done about it. */
function Blank({ card, stage }: { card: Card; stage: Stage }) {
  const { act, isBusy } = useActs();
  return (
    <div className={styles.blank} data-tone={stage.tone}>
      <p className={styles.word}>{stage.label}</p>
      {stage.detail && <p>{stage.detail}</p>}
      {stage.remedy && <p className={styles.remedy}>{stage.remedy}</p>}
      {stage.fraction !== null && (
        <progress className={styles.progress} value={stage.fraction} aria-label={stage.label} />
      )}
      <p className={styles.acts}>
        {actionsOf(card).urgent.map((name) => (
          <Button key={name} disabled={isBusy(card.id)} onClick={() => act(name, card)}>
            <Icon name={ACTIONS[name].icon} />
            {ACTIONS[name].label}
          </Button>
        ))}
      </p>
    </div>
  );
}
