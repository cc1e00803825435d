import type { Asset } from "../../api/shapes";
import { ACTIONS, actionsOf } from "../../cards/actions";
import { useActs } from "../../cards/acts";
import type { Card } from "../../cards/card";
import type { Stage } from "../../cards/stage";
import { Button } from "../../components/button";
import { Icon } from "../../components/icon";
import { told } from "../../playback/causes";
import type { Cause } from "../../playback/diagnose";
import { posterOf, shapeOf } from "../../playback/shape";
import { timingOf } from "../../playback/timing";
import { TroubleNote } from "../../playback/trouble-note";
import type { Clip } from "../../playback/use-clip";
import type { Player } from "../../playback/use-player";
import styles from "./picture.module.css";

interface Props {
  card: Card;
  stage: Stage;
  clip: Clip;
  player: Player;
  isLooping: boolean;
}

const isMotionReduced = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

export function Picture(props: Props) {
  const { card, stage, player } = props;
  const { asset } = card;
  const address = player.loaded?.address;
  if (!asset || !address) return <Blank card={card} stage={stage} player={player} />;
  return (
    <div className={styles.screen}>
      <Shown {...props} asset={asset} address={address} />
      {player.cause && (
        <div className={styles.trouble}>
          <TroubleNote card={card} asset={asset} player={player} cause={player.cause} />
        </div>
      )}
    </div>
  );
}

function Shown(props: Props & { asset: Asset; address: string }) {
  const { card, clip, player, isLooping, asset, address } = props;
  const crossOrigin = player.loaded?.crossorigin ?? undefined;
  if (asset.kind === "image") {
    return (
      <img
        key={player.key}
        className={styles.picture}
        style={shapeOf(asset)}
        crossOrigin={crossOrigin}
        src={address}
        alt={card.name}
        onError={player.onFailure}
      />
    );
  }
  if (asset.kind === "audio") {
    return (
      // biome-ignore lint/a11y/useMediaCaption: a sound comes without captions
      <audio
        key={player.key}
        className={styles.sound}
        crossOrigin={crossOrigin}
        src={address}
        controls
        onError={player.onFailure}
      />
    );
  }
  return (
    // biome-ignore lint/a11y/useMediaCaption: a generated clip comes without captions
    <video
      key={player.key}
      ref={clip.attach}
      className={styles.picture}
      style={shapeOf(asset)}
      crossOrigin={crossOrigin}
      src={address}
      poster={posterOf(asset)}
      aria-label={card.name}
      autoPlay={!isMotionReduced()}
      loop={isLooping}
      controls={timingOf(asset) === null}
      playsInline
      disablePictureInPicture
      preload="auto"
      onClick={clip.toggle}
    />
  );
}

/** In words what there is, while there is no picture; and what can be done about it. */
function Blank({ card, stage, player }: Pick<Props, "card" | "stage" | "player">) {
  const { act, isBusy } = useActs();
  const isTroubled = stage.tone === "attention" || stage.tone === "failed";
  const cause = isSaid(card, player.cause) ? null : player.cause;
  const { asset } = card;
  const offered: readonly string[] = cause && asset ? told(cause, asset).remedies : [];
  return (
    <div className={styles.blank} data-tone={stage.tone}>
      <p className={styles.word}>{stage.label}</p>
      {stage.detail && <p>{stage.detail}</p>}
      {stage.remedy && !cause && <p className={styles.remedy}>{stage.remedy}</p>}
      {cause && asset && <TroubleNote card={card} asset={asset} player={player} cause={cause} />}
      {stage.fraction !== null && (
        <progress className={styles.progress} value={stage.fraction} aria-label={stage.label} />
      )}
      <p className={styles.acts}>
        {actionsOf(card)
          .urgent.filter((name) => !offered.includes(name))
          .map((name) => (
            <Button key={name} disabled={isBusy(card.id)} onClick={() => act(name, card)}>
              <Icon name={ACTIONS[name].icon} />
              {ACTIONS[name].label}
            </Button>
          ))}
        {isTroubled && !cause && (
          <Button look="quiet" onClick={() => act("why", card)}>
            Why?
          </Button>
        )}
      </p>
    </div>
  );
}

/** Whether the state itself says why there is nothing to play. */
function isSaid({ asset }: Card, cause: Cause | null): boolean {
  if (cause === null || cause.name === "file_missing") return true;
  return cause.problem !== null && cause.problem.code === asset?.media.error?.code;
}
