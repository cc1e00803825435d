import { useEffect } from "react";
import { useAnnounce } from "../../components/announcer";
import { Icon } from "../../components/icon";
import { IconButton } from "../../components/icon-button";
import { bytes, bytesOf } from "../../format/units";
import { counted, sentences } from "../../format/words";
import styles from "./imports-panel.module.css";
import type { Import } from "./use-imports";

interface Props {
  imports: readonly Import[];
  onClear: () => void;
}

/** Each file that was given, how far it is, and what became of it. */
export function ImportsPanel({ imports, onClear }: Props) {
  const announce = useAnnounce();
  const done = imports.filter(({ state }) => state === "done").length;
  const refused = imports.filter(({ state }) => state === "refused").length;
  const isOver = imports.length > 0 && done + refused === imports.length;
  const said = summary(done, refused, imports.length);
  useEffect(() => {
    if (isOver) announce(said);
  }, [isOver, said, announce]);
  if (imports.length === 0) return null;
  return (
    <section className={styles.panel} aria-label="Imports" data-under-toasts="">
      <header className={styles.head}>
        <p>{said}</p>
        {isOver && <IconButton icon="close" label="Close the list of imports" onClick={onClear} />}
      </header>
      <ul className={styles.list}>
        {imports.map((one) => (
          <li key={one.id} className={styles.file} data-state={one.state}>
            <span className={styles.icon}>
              <Icon name={ICONS[one.state]} />
            </span>
            <bdi className={styles.name}>{one.name}</bdi>
            <span className={styles.far}>{far(one)}</span>
            {one.state === "sending" && (
              <progress
                className={styles.progress}
                aria-label={`Importing ${one.name}`}
                max={Math.max(1, one.size)}
                value={one.sent}
              />
            )}
            {one.problem && <p className={styles.problem}>{sentences(one.problem)}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

const ICONS = { waiting: "clock", sending: "up", done: "check", refused: "error" } as const;

function far({ state, sent, size }: Import): string {
  if (state === "waiting") return "Waiting";
  if (state === "sending") return sent >= size ? "Checking" : bytesOf(sent, size);
  return state === "done" ? bytes(size) : "Refused";
}

function summary(done: number, refused: number, all: number): string {
  if (done + refused < all) return `Importing ${done + refused + 1} of ${all}…`;
  const imported = `Imported ${counted(done, "file")}`;
  return refused > 0 ? `${imported}, ${refused} refused.` : `${imported}.`;
}
