import { ACTIONS, type ActionName, actionsOf } from "../../cards/actions";
import { useActs } from "../../cards/acts";
import type { Card } from "../../cards/card";
import type { Stage } from "../../cards/stage";
import { shownTakeOf } from "../../cards/take";
import { Button } from "../../components/button";
import { IconButton } from "../../components/icon-button";
import { Menu, type MenuItem } from "../../components/menu";
import { capitalized } from "../../format/words";
import styles from "./card-actions.module.css";

interface Props {
  card: Card;
  stage: Stage;
  isActive: boolean;
  isLively: boolean;
}

/** What can be done here: what the state asks for always, the rest when one is at the card. */
export function CardActions({ card, stage, isActive, isLively }: Props) {
  const { act, isBusy } = useActs();
  const { urgent, others } = actionsOf(card);
  const [first, ...more] = urgent;
  const busy = isBusy(card.id);
  // A card may stand for all takes of its shot: what is done is done to the one that it shows.
  const shownTake = shownTakeOf(card);
  const items: MenuItem[] = [...more, ...others].map((name) => ({
    ...ACTIONS[name],
    isDisabled: busy,
    ...(name === "trash" ? { isDangerous: true, command: "library.trash" as const } : {}),
    ...(shownTake && name !== "takes" ? { detail: capitalized(shownTake) } : {}),
    onChoose: () => act(name, card),
  }));
  const tabIndex = isActive ? 0 : -1;
  const isShown = first !== undefined && (stage.tone !== "waiting" || isLively || isActive);
  if (!isShown && !(isLively && items.length > 0)) return null;
  return (
    <div className={styles.actions}>
      {isShown && (
        <Button
          look="quiet"
          className={styles.urgent}
          tabIndex={tabIndex}
          disabled={busy}
          onClick={() => act(first, card)}
        >
          {busy ? busyWord(first) : ACTIONS[first].label}
        </Button>
      )}
      {isLively && items.length > 0 && (
        <Menu
          trigger={
            <IconButton
              icon="more"
              label="More to do"
              className={styles.more}
              tabIndex={tabIndex}
            />
          }
          groups={[items]}
        />
      )}
    </div>
  );
}

function busyWord(name: ActionName): string {
  if (name === "download") return "Downloading…";
  return name === "relink" ? "Copying…" : "Trying…";
}
