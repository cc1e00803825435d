import { useCallback, useEffect, useState } from "react";
import { mediaAddress, posterAddress } from "../../api/assets";
import { type Card, isPlayable } from "../../cards/card";
import { stageOf } from "../../cards/stage";
import { Button } from "../../components/button";
import { IconButton } from "../../components/icon-button";
import { frameRate, seconds } from "../../format/units";
import { shortened } from "../../format/words";
import { shapeOf } from "../../playback/shape";
import { FlagButtons } from "../../review/flag-buttons";
import { StarRating } from "../../review/star-rating";
import { useReview } from "../../review/use-review";
import styles from "./pane.module.css";

interface Props {
  card: Card;
  model: string | null;
  isActive: boolean;
  isHeard: boolean;
  volume: number;
  attach: (id: string, video: HTMLVideoElement | null) => void;
  onActive: () => void;
  onHear: () => void;
  onOpen: () => void;
  onRemove: (() => void) | null;
  onPromote: () => void;
}

/** One of the takes: its picture, and what is said about it. */
export function Pane(props: Props) {
  const { card, model, isActive, isHeard, volume, attach, onActive } = props;
  const { id, asset, generation } = card;
  const review = useReview();
  const [video, setVideo] = useState<HTMLVideoElement | null>(null);
  const hold = useCallback(
    (element: HTMLVideoElement | null) => {
      setVideo(element);
      attach(id, element);
    },
    [attach, id],
  );
  useEffect(() => {
    if (!video) return;
    video.volume = volume;
    video.muted = !isHeard;
  }, [video, volume, isHeard]);
  const name = generation ? `Take ${generation.take_number}` : shortened(card.name, 40);
  return (
    <article
      className={styles.pane}
      aria-label={`${name}${model ? `, ${model}` : ""}`}
      aria-current={isActive}
      onPointerDown={onActive}
      onFocus={onActive}
    >
      <div className={styles.screen}>
        {isPlayable(asset) ? (
          <Playing card={card} hold={hold} />
        ) : (
          <p className={styles.blank}>{stageOf(card).label}</p>
        )}
      </div>
      <div className={styles.line}>
        <button type="button" className={styles.name} onClick={props.onOpen}>
          <span className="visually-hidden">Open </span>
          {name}
        </button>
        <span className={styles.facts}>
          {[
            model,
            asset?.fps && asset.kind === "video" ? frameRate(asset.fps) : null,
            asset?.duration ? seconds(asset.duration) : null,
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
        {asset?.has_audio && (
          <IconButton
            icon={isHeard ? "sound" : "silent"}
            label={`Hear ${name}`}
            isPressed={isHeard}
            onClick={props.onHear}
          />
        )}
        {props.onRemove && (
          <IconButton icon="close" label={`Leave ${name} out`} onClick={props.onRemove} />
        )}
      </div>
      {asset && (
        <div className={styles.verdict}>
          <StarRating
            rating={asset.rating}
            of={name}
            onRate={(rating) => review.rate([asset], rating)}
          />
          <FlagButtons flag={asset.flag} of={name} onFlag={(flag) => review.flag([asset], flag)} />
          <Button look="quiet" className={styles.promote} onClick={props.onPromote}>
            Pick only this
          </Button>
        </div>
      )}
    </article>
  );
}

function Playing({
  card: { asset, name },
  hold,
}: {
  card: Card;
  hold: (video: HTMLVideoElement | null) => void;
}) {
  if (!asset) return null;
  if (asset.kind === "image") {
    return (
      <img
        className={styles.picture}
        style={shapeOf(asset)}
        src={mediaAddress(asset.id)}
        alt={name}
      />
    );
  }
  return (
    <video
      ref={hold}
      className={styles.picture}
      style={shapeOf(asset)}
      src={mediaAddress(asset.id)}
      poster={posterAddress(asset.id)}
      aria-label={name}
      muted
      playsInline
      disablePictureInPicture
      preload="auto"
    />
  );
}
