import { useId } from "react";
import { useAddress } from "../../address/use-address";
import { useActs } from "../../cards/acts";
import { comparable, withoutClip } from "../../cards/possible";
import { Button } from "../../components/button";
import { IconButton } from "../../components/icon-button";
import { Tooltip } from "../../components/tooltip";
import { counted } from "../../format/words";
import { useSelection } from "../../selection/selection";
import styles from "./selection-bar.module.css";

/** What can be done with the selected cards together, and why something cannot. */
export function SelectionBar() {
  const { cards, clear, of } = useSelection();
  const { address, change } = useAddress();
  const { trash } = useActs();
  const id = useId();
  if (cards.length === 0) return null;
  const compared = comparable(cards);
  const isAlone = cards.length === 1;
  const canMove = cards.some(({ asset }) => asset !== null);
  const reason = canMove ? !isAlone && compared.refusal : withoutClip(cards);
  const move = () => {
    trash(cards, !address.trashed);
    clear();
  };
  return (
    <section className={styles.bar} aria-label="Selection">
      <p role="status">
        {of === null
          ? counted(cards.length, "selected", "selected")
          : `The first ${cards.length.toLocaleString()} of ${of.toLocaleString()} are selected`}
      </p>
      {!isAlone && !address.trashed && (
        <Tooltip text="Compare side by side" command="review.compare">
          <Button
            disabled={compared.refusal !== null}
            aria-describedby={`${id}-reason`}
            onClick={() => change({ compare: compared.ids })}
          >
            Compare
          </Button>
        </Tooltip>
      )}
      <Button disabled={!canMove} aria-describedby={`${id}-reason`} onClick={move}>
        {address.trashed ? "Restore" : "Move to the trash"}
      </Button>
      {reason && !address.trashed && (
        <p id={`${id}-reason`} className={styles.reason}>
          {reason}
        </p>
      )}
      <IconButton icon="close" label="Clear the selection" onClick={clear} />
    </section>
  );
}
