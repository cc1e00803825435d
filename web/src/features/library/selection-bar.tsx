import { useAddress } from "../../address/use-address";
import { useActs } from "../../cards/acts";
import { isPlayable } from "../../cards/card";
import { Button } from "../../components/button";
import { IconButton } from "../../components/icon-button";
import { counted } from "../../format/words";
import { useSelection } from "../../selection/selection";
import styles from "./selection-bar.module.css";

const MOST_COMPARED = 4;

/** What can be done with the selected cards together. */
export function SelectionBar() {
  const { cards, clear } = useSelection();
  const { address, change } = useAddress();
  const { trash } = useActs();
  if (cards.length === 0) return null;
  const clips = cards.filter(({ asset }) => isPlayable(asset) && asset.kind === "video");
  const canCompare = clips.length >= 2 && clips.length <= MOST_COMPARED && !address.trashed;
  const move = () => {
    trash(cards, !address.trashed);
    clear();
  };
  return (
    <section className={styles.bar} aria-label="Selection">
      <p role="status">{counted(cards.length, "selected", "selected")}</p>
      {canCompare && (
        <Button onClick={() => change({ compare: clips.map(({ id }) => id) })}>Compare</Button>
      )}
      <Button onClick={move}>{address.trashed ? "Restore" : "Move to the trash"}</Button>
      <IconButton icon="close" label="Clear the selection" onClick={clear} />
    </section>
  );
}
