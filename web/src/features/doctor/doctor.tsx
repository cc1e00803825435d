import { useRef } from "react";
import { EVERYTHING } from "../../address/address";
import { IconButton } from "../../components/icon-button";
import { FullPage } from "../../review/full-page";
import { AboutOne } from "./about-one";
import styles from "./doctor.module.css";
import { Overall } from "./overall";

interface Props {
  /** What the address asks about; null while the doctor is not open. */
  asked: string | null;
  onAsk: (thing: string) => void;
  onOpen: (cardId: string) => void;
  onClose: () => void;
}

/** What is wrong, and what helps: of the whole studio, or of one clip. It changes nothing. */
export function Doctor({ asked, onAsk, onOpen, onClose }: Props) {
  const shown = useRef(asked);
  const start = useRef<HTMLDivElement>(null);
  // While it fades out, it keeps what it showed.
  if (asked) shown.current = asked;
  const thing = shown.current;
  return (
    <FullPage title="Doctor" isOpen={asked !== null} onClose={onClose} initialFocus={start}>
      <div className={styles.doctor}>
        <header className={styles.bar}>
          <IconButton icon="close" label="Close" command="view.close" onClick={onClose} />
          <p className={styles.name}>Doctor</p>
        </header>
        <div className={styles.scroll} ref={start} tabIndex={-1}>
          <div className={styles.body}>
            {thing === EVERYTHING && <Overall onAsk={onAsk} />}
            {thing !== null && thing !== EVERYTHING && (
              <AboutOne key={thing} thing={thing} onAsk={onAsk} onOpen={onOpen} />
            )}
          </div>
        </div>
      </div>
    </FullPage>
  );
}
