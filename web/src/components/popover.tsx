import { Popover as Base } from "@base-ui/react/popover";
import type { ReactElement, ReactNode } from "react";
import styles from "./popover.module.css";

interface Props {
  /** The button that opens it. */
  trigger: ReactElement;
  title: string;
  isTitleHidden?: boolean;
  /** Which of its edges stands in line with that of the button. */
  align?: "start" | "end";
  isOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
  children: ReactNode;
}

/** A small panel beside the button that opens it. Escape and a press outside close it. */
export function Popover({ trigger, title, isTitleHidden = false, children, ...state }: Props) {
  const { align = "end" } = state;
  const control = state.isOpen === undefined ? {} : { open: state.isOpen };
  return (
    <Base.Root {...control} onOpenChange={(isOpen) => state.onOpenChange?.(isOpen)}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner
          className={styles.positioner}
          sideOffset={6}
          align={align}
          collisionPadding={8}
          // Where there is little room it is scrolled, and does not cover its button.
          collisionAvoidance={{ fallbackAxisSide: "none" }}
        >
          <Base.Popup className={styles.popup}>
            <Base.Title className={isTitleHidden ? "visually-hidden" : styles.title}>
              {title}
            </Base.Title>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
