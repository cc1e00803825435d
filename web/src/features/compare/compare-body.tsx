import { type MouseEvent, type PointerEvent, type RefObject, useMemo, useState } from "react";
import type { Model } from "../../api/shapes";
import { type Card, isPlayable } from "../../cards/card";
import { arrivedAt } from "../../cards/take";
import { useAnnounce } from "../../components/announcer";
import { Button } from "../../components/button";
import { IconButton } from "../../components/icon-button";
import { useRemembered } from "../../components/use-remembered";
import { timingOf } from "../../playback/timing";
import { Transport } from "../../playback/transport";
import { useSound } from "../../playback/use-sound";
import { Volume } from "../../playback/volume";
import { useReviewKeys } from "../../review/use-review-keys";
import { useShortcuts } from "../../shortcuts/use-shortcuts";
import styles from "./compare.module.css";
import { Pane } from "./pane";
import { differences } from "./step";
import { usePromote } from "./use-promote";
import { type Side, useStep } from "./use-step";

interface Props {
  cards: readonly Card[];
  models: readonly Model[];
  stage: RefObject<HTMLElement | null>;
  onClose: () => void;
  onOpen: (cardId: string) => void;
  onRemove: (cardId: string) => void;
}

export function CompareBody({ cards, models, stage, onClose, onOpen, onRemove }: Props) {
  const sides = useMemo(() => cards.flatMap(sideOf), [cards]);
  const [isLooping, setLooping] = useRemembered("loop", (kept) => kept !== false);
  const inStep = useStep(sides, isLooping);
  const [sound, setSound] = useSound();
  const [heardId, setHeardId] = useState<string | null>(null);
  const [activeId, setActiveId] = useState<string | null>(null);
  const promote = usePromote(cards);
  const announce = useAnnounce();
  const active = cards.find(({ id }) => id === activeId) ?? cards[0];
  const heard = heardId ?? cards.find(({ asset }) => asset?.has_audio)?.id ?? null;
  const told = differences(sides.map(({ timing }) => timing));
  const titles = new Map(models.map(({ id, title }) => [id, title]));

  const goTo = (step: number) => {
    const at = cards.findIndex(({ id }) => id === active?.id);
    const to = Math.min(Math.max(at + step, 0), cards.length - 1);
    const next = cards[to];
    if (!next) return;
    setActiveId(next.id);
    announce(arrivedAt(next, to, cards.length));
  };
  useReviewKeys(active?.asset ? [active.asset] : []);
  useShortcuts({
    "view.play": inStep.toggle,
    "view.frameBack": () => inStep.step(-1),
    "view.frameForward": () => inStep.step(1),
    "view.next": () => goTo(1),
    "view.previous": () => goTo(-1),
    "view.open": () => active && onOpen(active.id),
    "review.compare": onClose,
  });

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only keeps the focus where it is
    <div className={styles.compare} onMouseDown={keepFocus} onPointerUp={giveFocusBack}>
      <div className={styles.bar}>
        <IconButton icon="close" label="Close" command="view.close" onClick={onClose} />
        <p className={styles.name}>{cards.length} takes side by side</p>
        {told && <p className={styles.told}>{told}</p>}
      </div>
      <section
        className={styles.panes}
        ref={stage}
        tabIndex={-1}
        data-stage=""
        data-count={cards.length}
        aria-label="Takes"
      >
        {cards.map((card) => (
          <Pane
            key={card.id}
            card={card}
            model={titles.get(card.generation?.model ?? "") ?? null}
            isActive={card.id === active?.id}
            isHeard={card.id === heard && !sound.isMuted}
            volume={sound.volume}
            attach={inStep.attach}
            onActive={() => setActiveId(card.id)}
            onHear={() => {
              setHeardId(card.id);
              setSound({ ...sound, isMuted: false });
            }}
            onOpen={() => onOpen(card.id)}
            onRemove={cards.length > 2 ? () => onRemove(card.id) : null}
            onPromote={() => promote(card)}
          />
        ))}
        {cards.length < 2 && (
          <div className={styles.missing}>
            <p>There is nothing here to compare it with.</p>
            <Button onClick={onClose}>Back to the library</Button>
          </div>
        )}
      </section>
      {inStep.timing && (
        <footer className={styles.foot}>
          <Transport
            timing={inStep.timing}
            frame={inStep.frame}
            isPlaying={inStep.isPlaying}
            isLooping={isLooping}
            onToggle={inStep.toggle}
            onStep={inStep.step}
            onSeek={inStep.seek}
            onLoop={setLooping}
          >
            {heard && <Volume sound={sound} onChange={setSound} />}
          </Transport>
        </footer>
      )}
    </div>
  );
}

function sideOf({ id, asset }: Card): Side[] {
  const timing = timingOf(asset);
  return timing && asset && (asset.media.url || isPlayable(asset)) ? [{ id, timing }] : [];
}

function keepFocus(event: MouseEvent): void {
  if (event.target instanceof Element && event.target.closest("button")) event.preventDefault();
}

function giveFocusBack({ target, currentTarget }: PointerEvent): void {
  if (!(target instanceof HTMLInputElement) || target.type !== "range") return;
  currentTarget.querySelector<HTMLElement>("[data-stage]")?.focus();
}
