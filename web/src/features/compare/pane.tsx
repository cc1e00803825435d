import { useCallback, useEffect, useState } from "react";
import type { Card } from "../../cards/card";
import { stageOf } from "../../cards/stage";
import { Button } from "../../components/button";
import { IconButton } from "../../components/icon-button";
import { frameRate, seconds } from "../../format/units";
import { shortened } from "../../format/words";
import { posterOf, shapeOf } from "../../playback/shape";
import { TroubleNote } from "../../playback/trouble-note";
import { type Player, usePlayer } from "../../playback/use-player";
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
  const player = usePlayer(stageOf(card).tone === "waiting" ? null : asset, video);
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
        <Playing card={card} player={player} hold={hold} />
        {asset && player.cause && player.loaded?.address && (
          <div className={styles.trouble}>
            <TroubleNote card={card} asset={asset} player={player} cause={player.cause} isShort />
          </div>
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

interface PlayingProps {
  card: Card;
  player: Player;
  hold: (video: HTMLVideoElement | null) => void;
}

function Playing({ card, player: { loaded, key, onFailure }, hold }: PlayingProps) {
  const { asset, name } = card;
  if (!asset || !loaded?.address) return <p className={styles.blank}>{stageOf(card).label}</p>;
  const { address, crossorigin } = loaded;
  if (asset.kind === "image") {
    return (
      <img
        key={key}
        className={styles.picture}
        style={shapeOf(asset)}
        crossOrigin={crossorigin ?? undefined}
        src={address}
        alt={name}
        onError={onFailure}
      />
    );
  }
  return (
    <video
      key={key}
      ref={hold}
      className={styles.picture}
      style={shapeOf(asset)}
      crossOrigin={crossorigin ?? undefined}
      src={address}
      poster={posterOf(asset)}
      aria-label={name}
      muted
      playsInline
      disablePictureInPicture
      preload="auto"
    />
  );
}
