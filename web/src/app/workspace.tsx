import { type ReactNode, useCallback, useId, useState } from "react";
import { Button } from "../components/button";
import { Icon } from "../components/icon";
import { IconButton } from "../components/icon-button";
import { useMedia } from "../components/use-media";
import { useRemembered } from "../components/use-remembered";
import { useShortcuts } from "../shortcuts/use-shortcuts";
import styles from "./workspace.module.css";

const NARROW = "(width < 56rem)";
const isNotFalse = (kept: unknown): boolean => kept !== false;

interface Props {
  /** What the main heading says; the eye sees it in the bar. */
  title: string;
  form: ReactNode;
  children: ReactNode;
}

/** The form beside the library. It can be put aside; where there is little room, it is at first. */
export function Workspace({ title, form, children }: Props) {
  const id = useId();
  const isNarrow = useMedia(NARROW);
  const [isOpenWide, setOpenWide] = useRemembered("form", isNotFalse);
  const [isOpenNarrow, setOpenNarrow] = useState(false);
  const isOpen = isNarrow ? isOpenNarrow : isOpenWide;
  const setOpen = isNarrow ? setOpenNarrow : setOpenWide;
  const focusPrompt = useCallback(() => {
    setOpen(true);
    // The form is there once this change is drawn.
    requestAnimationFrame(() => document.getElementById("prompt")?.focus());
  }, [setOpen]);
  useShortcuts({ "generate.focus": focusPrompt });
  return (
    <div className={styles.workspace} data-form={isOpen ? "open" : "aside"}>
      <aside className={styles.rail} aria-labelledby={`${id}-title`}>
        <header className={styles.head}>
          <h2 id={`${id}-title`} className={isOpen || isNarrow ? styles.title : "visually-hidden"}>
            New take
          </h2>
          {isNarrow ? (
            <Button aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
              <Icon name={isOpen ? "up" : "add"} />
              {isOpen ? "Hide the form" : "Show the form"}
            </Button>
          ) : (
            <IconButton
              icon={isOpen ? "collapse" : "expand"}
              label={isOpen ? "Hide the form" : "Show the form"}
              command={isOpen ? undefined : "generate.focus"}
              aria-expanded={isOpen}
              aria-controls={id}
              onClick={() => setOpen(!isOpen)}
            />
          )}
        </header>
        <div className={styles.form} id={id} hidden={!isOpen}>
          {form}
        </div>
      </aside>
      <main className={styles.main} id="main" tabIndex={-1}>
        <h1 className="visually-hidden">{title}</h1>
        {children}
      </main>
    </div>
  );
}
