import { Toggle } from "@base-ui/react/toggle";
import type { ReactNode } from "react";
import styles from "./chip.module.css";
import { Icon, type IconName } from "./icon";

interface Props {
  isPressed: boolean;
  onChange: (isPressed: boolean) => void;
  icon?: IconName;
  isDisabled?: boolean;
  children: ReactNode;
}

/** Something that is on or off, such as one filter. */
export function Chip({ isPressed, onChange, icon, isDisabled = false, children }: Props) {
  return (
    <Toggle
      className={styles.chip}
      pressed={isPressed}
      onPressedChange={onChange}
      disabled={isDisabled}
    >
      {isPressed ? <Icon name="check" /> : icon && <Icon name={icon} />}
      {children}
    </Toggle>
  );
}
