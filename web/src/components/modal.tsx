import { Dialog } from "@base-ui/react/dialog";
import type { ComponentProps, ReactNode } from "react";
import { Scope, useScope } from "../shortcuts/use-shortcuts";
import { Icon } from "./icon";
import styles from "./modal.module.css";

interface Props {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  size?: "small" | "medium" | "large";
  initialFocus?: ComponentProps<typeof Dialog.Popup>["initialFocus"];
}

/** A dialog over the page: Escape closes it, and the focus goes back where it was. */
export function Modal({ title, isOpen, onClose, children, size = "small", initialFocus }: Props) {
  const scope = useScope(isOpen);
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.veil} />
        <Dialog.Popup className={`${styles.popup} ${styles[size]}`} initialFocus={initialFocus}>
          <header className={styles.head}>
            <Dialog.Title className={styles.title}>{title}</Dialog.Title>
            <Dialog.Close className={styles.close} aria-label="Close">
              <Icon name="close" />
            </Dialog.Close>
          </header>
          <Scope value={scope}>{children}</Scope>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
