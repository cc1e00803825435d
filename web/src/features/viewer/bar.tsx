import type { Card } from "../../cards/card";
import type { Neighbours } from "../../cards/neighbours";
import { IconButton } from "../../components/icon-button";
import { shortened } from "../../format/words";
import styles from "./bar.module.css";

interface Props {
  card: Card;
  neighbours: Neighbours;
  onGo: (step: number) => void;
  onClose: () => void;
}

export function Bar({ card, neighbours: { index, total }, onGo, onClose }: Props) {
  const place = index === null ? null : `${index + 1} of ${total.toLocaleString()}`;
  return (
    <header className={styles.bar}>
      <IconButton icon="close" label="Close" command="view.close" onClick={onClose} />
      <p className={styles.name} title={shortened(card.name, 400)}>
        <bdi>{shortened(card.name, 160)}</bdi>
      </p>
      <nav className={styles.places} aria-label="Through the library">
        {place && <span className={styles.place}>{place}</span>}
        <IconButton
          icon="previous"
          label="Previous"
          command="view.previous"
          disabled={index === null || index <= 0}
          onClick={() => onGo(-1)}
        />
        <IconButton
          icon="next"
          label="Next"
          command="view.next"
          disabled={index === null || index >= total - 1}
          onClick={() => onGo(1)}
        />
      </nav>
    </header>
  );
}
