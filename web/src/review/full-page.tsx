import { Dialog } from "@base-ui/react/dialog";
import type { ComponentProps, ReactNode, RefObject } from "react";
import { Scope, useScope, useShortcuts } from "../shortcuts/use-shortcuts";
import styles from "./full-page.module.css";

interface Props {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  initialFocus?: RefObject<HTMLElement | null>;
  finalFocus?: ComponentProps<typeof Dialog.Popup>["finalFocus"];
  onClosed?: () => void;
  children: ReactNode;
}

/** A dialog as large as the page. Escape closes it, and any key that was given to closing. */
export function FullPage({ title, isOpen, onClose, children, ...props }: Props) {
  const { initialFocus, finalFocus, onClosed } = props;
  const scope = useScope(isOpen);
  return (
    <Dialog.Root
      open={isOpen}
      onOpenChange={(open) => !open && onClose()}
      onOpenChangeComplete={(open) => !open && onClosed?.()}
    >
      <Dialog.Portal>
        <Dialog.Popup
          className={styles.page}
          // It would keep the arrow keys to itself.
          onKeyDown={(event) => event.preventBaseUIHandler()}
          {...(initialFocus ? { initialFocus } : {})}
          {...(finalFocus ? { finalFocus } : {})}
        >
          <Dialog.Title className="visually-hidden">{title}</Dialog.Title>
          <Scope value={scope}>
            <Closing onClose={onClose} />
            {children}
          </Scope>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Closing({ onClose }: { onClose: () => void }) {
  // Escape is left to the dialog: it knows what lies open above it.
  useShortcuts({ "view.close": ({ key }) => key !== "Escape" && onClose() });
  return null;
}
