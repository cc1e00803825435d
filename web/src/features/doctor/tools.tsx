import type { ReactNode } from "react";
import { Button } from "../../components/button";
import { Icon } from "../../components/icon";
import { useCopying } from "../../components/use-copying";
import styles from "./doctor.module.css";

interface Props {
  /** What is copied; null while there is nothing. */
  text: string | null;
  isBusy: boolean;
  onAgain: () => void;
  children?: ReactNode;
}

/** What can be done with findings: asked for again, passed on. */
export function Tools({ text, isBusy, onAgain, children }: Props) {
  const { isCopied, copy } = useCopying();
  return (
    <div className={styles.tools}>
      <Button disabled={isBusy} onClick={onAgain}>
        <Icon name="again" />
        Check again
      </Button>
      {children}
      <Button disabled={text === null} onClick={() => text !== null && void copy(text)}>
        <Icon name={isCopied ? "check" : "copy"} />
        Copy as text
      </Button>
    </div>
  );
}
