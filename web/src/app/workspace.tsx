import { type ReactNode, useId } from "react";
import { Button } from "../components/button";
import { Icon } from "../components/icon";
import { IconButton } from "../components/icon-button";
import { useShortcuts } from "../shortcuts/use-shortcuts";
import type { Rail } from "./use-rail";
import styles from "./workspace.module.css";

interface Props {
  /** What the main heading says; the eye sees it in the bar. */
  title: string;
  rail: Rail;
  form: ReactNode;
  children: ReactNode;
}

/** The form beside the library. */
export function Workspace({ title, rail, form, children }: Props) {
  const id = useId();
  const { isNarrow, isOpen, setOpen, show } = rail;
  useShortcuts({ "generate.focus": () => show("prompt") });
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
