import type { ComponentProps } from "react";
import type { CommandId } from "../shortcuts/commands";
import { Icon, type IconName } from "./icon";
import styles from "./icon-button.module.css";
import { Tooltip } from "./tooltip";

interface Props extends Omit<ComponentProps<"button">, "children" | "aria-label"> {
  icon: IconName;
  /** Its name, shown as the tooltip. */
  label: string;
  /** The command that does the same by a key; the tooltip shows the key. */
  command?: CommandId | undefined;
  /** Only for a button that stays pressed. */
  isPressed?: boolean | undefined;
}

export function IconButton({ icon, label, command, isPressed, className, ...rest }: Props) {
  return (
    <Tooltip text={label} command={command}>
      <button
        type="button"
        className={[styles.button, className].filter(Boolean).join(" ")}
        aria-label={label}
        aria-pressed={isPressed}
        {...rest}
      >
        <Icon name={icon} isFilled={isPressed === true} />
      </button>
    </Tooltip>
  );
}
