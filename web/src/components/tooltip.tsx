import { Tooltip as Base } from "@base-ui/react/tooltip";
import type { ReactElement, ReactNode } from "react";
import type { CommandId } from "../shortcuts/commands";
import { useKeyLabel } from "../shortcuts/use-key-labels";
import styles from "./tooltip.module.css";

interface Props {
  text: ReactNode;
  /** The command whose key is shown behind the text. */
  command?: CommandId | undefined;
  /** The control that it is about: a single element that can have the focus. */
  children: ReactElement;
}

/** A hint for the eye. What it says must be the control's name, or be found elsewhere as well. */
export function Tooltip({ text, command, children }: Props) {
  const key = useKeyLabel(command);
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner className={styles.positioner} sideOffset={6}>
          <Base.Popup className={styles.popup}>
            {text}
            {key && <kbd className={styles.key}>{key}</kbd>}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
