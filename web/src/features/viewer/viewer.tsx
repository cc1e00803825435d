import { useRef } from "react";
import { problemOf } from "../../api/request";
import type { Model } from "../../api/shapes";
import type { Card } from "../../cards/card";
import type { Neighbours } from "../../cards/neighbours";
import { ProblemNote } from "../../components/problem-note";
import type { Filling } from "../../draft/draft";
import { shortened } from "../../format/words";
import { FullPage } from "../../review/full-page";
import { Body } from "./body";
import styles from "./viewer.module.css";

interface Props {
  /** The card that the address names; null when none is open. */
  cardId: string | null;
  /** Null while it is on its way. */
  card: Card | null;
  error: Error | null;
  models: readonly Model[];
  neighbours: Neighbours;
  onClose: () => void;
  onOpen: (cardId: string) => void;
  onCompare: (cardIds: readonly string[]) => void;
  /** Fills the form, and closes. */
  onFill: (part: Filling, title: string) => void;
  /** Whether one goes to the form from here, and not back to the card. */
  isLeftForForm: () => boolean;
  /** It has been closed, and has faded out. */
  onClosed: () => void;
}

/** One card over the whole page: it plays, is judged, and tells all that is known of it. */
export function Viewer({ cardId, card, error, onClose, ...props }: Props) {
  const { isLeftForForm, onClosed, ...rest } = props;
  const shown = useRef(card);
  const stage = useRef<HTMLElement>(null);
  // While it fades out, and while the next card is on its way, it keeps what it showed.
  if (card) shown.current = card;
  const kept = card ?? shown.current;
  const place = useRef<number | null>(null);
  if (rest.neighbours.index !== null) place.current = rest.neighbours.index;
  return (
    <FullPage
      title={kept ? shortened(kept.name, 120) : "A card"}
      isOpen={cardId !== null}
      onClose={onClose}
      initialFocus={stage}
      finalFocus={() => !isLeftForForm() && (mainOf(place.current) ?? true)}
      onClosed={onClosed}
    >
      {error && !card ? (
        <section className={styles.alone} ref={stage} tabIndex={-1} data-stage="">
          <ProblemNote problem={problemOf(error)} />
          <button type="button" className={styles.leave} onClick={onClose}>
            Back to the library
          </button>
        </section>
      ) : (
        kept && <Body card={kept} stage={stage} onClose={onClose} {...rest} />
      )}
    </FullPage>
  );
}

/** The card in the grid behind: the focus goes there, whichever was opened first. */
function mainOf(index: number | null): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-place="${index}"] [data-main]`);
}
