import { type MouseEvent, type PointerEvent, type RefObject, useEffect } from "react";
import { changeAddress } from "../../address/use-address";
import type { Model } from "../../api/shapes";
import { useActs } from "../../cards/acts";
import type { Card } from "../../cards/card";
import type { Neighbours } from "../../cards/neighbours";
import { stageOf } from "../../cards/stage";
import { useAnnounce } from "../../components/announcer";
import { useRemembered } from "../../components/use-remembered";
import type { Filling } from "../../draft/draft";
import { timingOf } from "../../playback/timing";
import { Transport } from "../../playback/transport";
import { useClip } from "../../playback/use-clip";
import { usePlayer } from "../../playback/use-player";
import { useSound, useSoundOf } from "../../playback/use-sound";
import { Volume } from "../../playback/volume";
import { useAutoAdvance } from "../../review/auto-advance";
import { useReviewKeys } from "../../review/use-review-keys";
import { useShortcuts } from "../../shortcuts/use-shortcuts";
import { Bar } from "./bar";
import { Picture } from "./picture";
import { Side } from "./side";
import { TakesStrip } from "./takes-strip";
import { useArrival } from "./use-arrival";
import { useOrders } from "./use-orders";
import { useTakes } from "./use-takes";
import styles from "./viewer.module.css";

interface Props {
  card: Card;
  stage: RefObject<HTMLElement | null>;
  models: readonly Model[];
  neighbours: Neighbours;
  onClose: () => void;
  onOpen: (cardId: string) => void;
  onCompare: (cardIds: readonly string[]) => void;
  onFill: (part: Filling, title: string) => void;
}

const MOST_COMPARED = 4;

export function Body({
  card,
  stage: place,
  models,
  neighbours,
  onClose,
  onOpen,
  onCompare,
  onFill,
}: Props) {
  const { asset } = card;
  const timing = timingOf(asset);
  const clip = useClip(timing);
  const stage = stageOf(card);
  // What is still coming is waited for.
  const player = usePlayer(stage.tone === "waiting" ? null : asset, clip.video);
  const [isLooping, setLooping] = useRemembered("loop", (kept) => kept !== false);
  const [sound, setSound] = useSound();
  useSoundOf(clip.video, sound);
  const [advances, setAdvances] = useAutoAdvance();
  const announce = useAnnounce();
  useArrival(card, neighbours);
  const takes = useTakes(card);
  const orders = useOrders(card, onFill);
  const { trash } = useActs();

  const go = (step: number) => {
    void neighbours.go(step).then((went) => {
      if (went === "at the end")
        announce(step > 0 ? "That was the last one." : "That was the first one.");
    });
  };
  const goTake = (step: number) => {
    const at = takes.findIndex(({ id }) => id === card.id);
    const next = at < 0 ? undefined : takes[at + step];
    if (next) onOpen(next.id);
  };
  const compare = () => onCompare(nearest(takes, card).map(({ id }) => id));
  const reviewed = () => advances && go(1);
  const throwAway = () => {
    void neighbours.go(1).then((went) => {
      trash([card], true);
      if (went === "at the end") onClose();
    });
  };

  useReviewKeys(asset ? [asset] : [], { onReviewed: reviewed });
  useShortcuts({
    "view.next": () => go(1),
    "view.previous": () => go(-1),
    "view.down": () => goTake(1),
    "view.up": () => goTake(-1),
    "view.play": clip.toggle,
    "view.frameBack": () => clip.step(-1),
    "view.frameForward": () => clip.step(1),
    "review.autoAdvance": () => {
      setAdvances(!advances);
      announce(advances ? "It stays after a rating." : "It goes on by itself after a rating.");
    },
    ...(takes.length > 1 ? { "review.compare": compare } : {}),
    ...(orders.another ? { "order.another": orders.another.run } : {}),
    ...(orders.continueFromLast ? { "order.continue": orders.continueFromLast } : {}),
    "doctor.show": () => changeAddress({ doctor: card.id }),
    ...(asset?.trashed_at
      ? {}
      : { "library.trash": asset ? throwAway : () => trash([card], true) }),
  });

  // What had the focus may have gone with the card before.
  useEffect(() => {
    if (document.activeElement === document.body && card.id) place.current?.focus();
  }, [card.id, place]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only keeps the focus where it is
    <div className={styles.viewer} onMouseDown={keepFocus} onPointerUp={giveFocusBack}>
      <Bar card={card} neighbours={neighbours} onGo={go} onClose={onClose} />
      <section className={styles.stage} ref={place} tabIndex={-1} data-stage="" aria-label="Clip">
        <Picture card={card} stage={stage} clip={clip} player={player} isLooping={isLooping} />
        {timing && clip.video && (
          <Transport
            timing={timing}
            frame={clip.frame}
            isPlaying={clip.isPlaying}
            isLooping={isLooping}
            onToggle={clip.toggle}
            onStep={clip.step}
            onSeek={clip.seek}
            onLoop={setLooping}
          >
            {asset?.has_audio && <Volume sound={sound} onChange={setSound} />}
          </Transport>
        )}
        {takes.length > 1 && (
          <TakesStrip takes={takes} openId={card.id} onOpen={onOpen} onCompare={compare} />
        )}
      </section>
      <Side
        card={card}
        models={models}
        orders={orders}
        isShown={Boolean(player.loaded?.address)}
        frame={timing && clip.video ? clip.frame : null}
        advances={advances}
        onAdvances={setAdvances}
        onReviewed={reviewed}
        onTrash={throwAway}
        onCompare={takes.length > 1 ? compare : null}
        onOpen={onOpen}
      />
    </div>
  );
}

/** This take and those around it, as many as stand side by side. */
function nearest(takes: readonly Card[], card: Card): readonly Card[] {
  const at = takes.findIndex(({ id }) => id === card.id);
  const first = Math.min(Math.max(0, at - 1), Math.max(0, takes.length - MOST_COMPARED));
  return takes.slice(first, first + MOST_COMPARED);
}

/** A click on a button leaves the focus where it is, so that Space goes on playing. */
function keepFocus(event: MouseEvent): void {
  if (event.target instanceof Element && event.target.closest("button")) event.preventDefault();
}

/** A slider that was dragged gives the arrow keys back. */
function giveFocusBack({ target, currentTarget }: PointerEvent): void {
  if (!(target instanceof HTMLInputElement) || target.type !== "range") return;
  currentTarget.querySelector<HTMLElement>("[data-stage]")?.focus();
}
