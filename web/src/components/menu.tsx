import { Menu as Base } from "@base-ui/react/menu";
import type { ReactElement } from "react";
import type { CommandId } from "../shortcuts/commands";
import { useKeyLabel } from "../shortcuts/use-key-labels";
import { Icon, type IconName } from "./icon";
import styles from "./menu.module.css";

export interface MenuItem {
  label: string;
  /** More about it: why it cannot be chosen, for example. */
  detail?: string;
  icon?: IconName;
  /** The command that does the same by a key; its key is shown. */
  command?: CommandId;
  isDangerous?: boolean;
  isDisabled?: boolean;
  onChoose: () => void;
}

interface Props {
  /** The button that opens it. */
  trigger: ReactElement;
  /** Groups of items, with a line between them. */
  groups: readonly (readonly MenuItem[])[];
  onOpenChange?: (isOpen: boolean) => void;
}

/** Things to do, behind one button. */
export function Menu({ trigger, groups, onOpenChange }: Props) {
  const filled = groups.filter((items) => items.length > 0);
  return (
    <Base.Root onOpenChange={(isOpen) => onOpenChange?.(isOpen)}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner
          className={styles.positioner}
          sideOffset={6}
          align="end"
          collisionPadding={8}
          // Where there is little room it is scrolled, and does not cover its button.
          collisionAvoidance={{ fallbackAxisSide: "none" }}
        >
          <Base.Popup className={styles.popup}>
            {filled.map((items) => (
              <Base.Group key={items[0]?.label} className={styles.group}>
                {items.map((item) => (
                  <Item key={item.label} {...item} />
                ))}
              </Base.Group>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function Item({ label, detail, icon, command, isDangerous, isDisabled, onChoose }: MenuItem) {
  const key = useKeyLabel(command);
  return (
    <Base.Item
      className={isDangerous ? `${styles.item} ${styles.dangerous}` : styles.item}
      disabled={isDisabled ?? false}
      label={label}
      onClick={onChoose}
    >
      <span className={styles.icon}>{icon && <Icon name={icon} />}</span>
      <span className={styles.words}>
        {label}
        {detail && <span className={styles.detail}>{detail}</span>}
      </span>
      {key && <kbd className={styles.key}>{key}</kbd>}
    </Base.Item>
  );
}
