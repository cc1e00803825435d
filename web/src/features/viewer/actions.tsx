import { changeAddress } from "../../address/use-address";
import { ACTIONS, actionsOf } from "../../cards/actions";
import { useActs } from "../../cards/acts";
import type { Card } from "../../cards/card";
import { Button } from "../../components/button";
import { Icon } from "../../components/icon";
import { IconButton } from "../../components/icon-button";
import { Menu, type MenuItem } from "../../components/menu";
import { Tooltip } from "../../components/tooltip";
import { cost } from "../../format/money";
import { NotOrdered } from "../../orders/not-ordered";
import styles from "./actions.module.css";
import type { Orders } from "./use-orders";

const CONTENT_REFUSED = "provider_content_refused";

interface Props {
  card: Card;
  orders: Orders;
  isShown: boolean;
  frame: number | null;
  onTrash: () => void;
  onCompare: (() => void) | null;
}

export function Actions({ card, orders, isShown, frame, onTrash, onCompare }: Props) {
  const { act } = useActs();
  const { another, continueFromLast, useImage, useAll } = orders;
  // The same again would be refused again, and may cost again.
  const isRefused = card.generation?.problem?.code === CONTENT_REFUSED;
  const { urgent } = actionsOf(card);
  const isTrashed = card.asset?.trashed_at !== null && card.asset !== null;
  // Without a picture these stand in its place.
  const states = isShown ? urgent : [];
  const groups = groupsOf(card, orders, { frame, isRefused, onCompare });
  return (
    <section className={styles.actions} aria-label="Actions">
      {states.map((name) => (
        <Button key={name} onClick={() => act(name, card)}>
          <Icon name={ACTIONS[name].icon} />
          {ACTIONS[name].label}
        </Button>
      ))}
      {isRefused && useAll && (
        <Button onClick={useAll}>
          <Icon name="pencil" />
          Edit its prompt
        </Button>
      )}
      {another && !isRefused && (
        <Tooltip text={another.refusal ?? "The same order again"} command="order.another">
          <Button onClick={another.run} disabled={!another.isReady}>
            <Icon name="add" />
            {anotherLabel(another)}
          </Button>
        </Tooltip>
      )}
      {continueFromLast && (
        <Tooltip text="The last frame becomes the first image" command="order.continue">
          <Button onClick={continueFromLast}>
            <Icon name="next" />
            Continue from last frame
          </Button>
        </Tooltip>
      )}
      {useImage && (
        <Button onClick={useImage}>
          <Icon name="image" />
          Use as first image
        </Button>
      )}
      <span className={styles.last}>
        {groups.length > 0 && (
          <Menu trigger={<IconButton icon="more" label="More" />} groups={groups} />
        )}
        {card.asset && !isTrashed && (
          <IconButton
            icon="trash"
            label="Move to the trash"
            command="library.trash"
            onClick={onTrash}
          />
        )}
      </span>
      {another?.notOrdered && (
        <div className={styles.notOrdered}>
          <NotOrdered
            problem={another.notOrdered}
            price={another.price}
            isReady={another.isReady}
            onOrder={another.runAnyway}
          />
        </div>
      )}
    </section>
  );
}

const anotherLabel = ({ price }: NonNullable<Orders["another"]>): string =>
  price ? `Another take · ${cost(price)}` : "Another take";

function groupsOf(
  card: Card,
  orders: Orders,
  { frame, isRefused, onCompare }: Pick<Props, "frame" | "onCompare"> & { isRefused: boolean },
): MenuItem[][] {
  const { another, continueFrom, keepFrame, useAll, useSettings, usePrompt } = orders;
  const form: MenuItem[] = [];
  if (isRefused && another)
    form.push({
      label: anotherLabel(another),
      icon: "add",
      command: "order.another",
      isDisabled: !another.isReady,
      onChoose: another.run,
    });
  if (useAll) form.push({ label: "Use its prompt and settings", icon: "prompt", onChoose: useAll });
  if (useSettings)
    form.push({ label: "Same settings, other model", icon: "settings", onChoose: useSettings });
  if (usePrompt) form.push({ label: "Use only its prompt", icon: "prompt", onChoose: usePrompt });
  const frames: MenuItem[] = [];
  if (frame !== null && continueFrom)
    frames.push({
      label: "Continue from this frame",
      icon: "next",
      onChoose: () => continueFrom(frame),
    });
  if (frame !== null && keepFrame)
    frames.push({
      label: "Keep this frame as a picture",
      icon: "image",
      onChoose: () => keepFrame(frame),
    });
  const others: MenuItem[] = [
    {
      label: "Ask the doctor",
      icon: "help",
      command: "doctor.show",
      onChoose: () => changeAddress({ doctor: card.id }),
    },
  ];
  if (onCompare)
    others.unshift({
      label: "Compare takes",
      icon: "compare",
      command: "review.compare",
      onChoose: onCompare,
    });
  return [form, frames, others].filter((group) => group.length > 0 && card.id !== "");
}
