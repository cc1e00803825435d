import { useRef, useState } from "react";
import { Button } from "../../components/button";
import { IconButton } from "../../components/icon-button";
import type { Command } from "../../shortcuts/commands";
import { holderOf, keysOf, resetKeys, setKeys, useChanges } from "../../shortcuts/key-map";
import { readable } from "../../shortcuts/keys";
import { useLayout } from "../../shortcuts/use-key-labels";
import styles from "./shortcut-row.module.css";
import { useNextKey } from "./use-next-key";

export function ShortcutRow({ command }: { command: Command }) {
  const { id, title } = command;
  const changes = useChanges();
  const [isAsking, setAsking] = useState(false);
  const change = useRef<HTMLButtonElement>(null);
  const keys = keysOf(id, changes);
  const done = () => {
    setAsking(false);
    change.current?.focus();
  };
  return (
    <li className={styles.row}>
      <span className={styles.title}>{title}</span>
      <span className={styles.keys}>
        {keys.length === 0 ? <span className={styles.none}>None</span> : null}
        {keys.map((key) => (
          <Key key={key} name={key} />
        ))}
      </span>
      <span className={styles.actions}>
        {changes.keys[id] && (
          <IconButton icon="undo" label={`Reset: ${title}`} onClick={() => resetKeys(id)} />
        )}
        <Button
          look="quiet"
          ref={change}
          aria-label={`Change: ${title}`}
          aria-expanded={isAsking}
          onClick={() => setAsking(!isAsking)}
        >
          Change
        </Button>
      </span>
      {isAsking && <Question command={command} onDone={done} />}
    </li>
  );
}

function Question({ command, onDone }: { command: Command; onDone: () => void }) {
  const changes = useChanges();
  const { key, refusal, again } = useNextKey(command, onDone);
  const holder = key ? holderOf(key, command.id, changes) : null;
  const take = (taken: string) => {
    if (holder) {
      setKeys(
        holder.id,
        (changes.keys[holder.id] ?? holder.keys).filter((other) => other !== taken),
      );
    }
    setKeys(command.id, [taken]);
    onDone();
  };
  return (
    <div className={styles.question}>
      <p role="status">
        {key === null && (refusal ?? "Press the new key. Escape leaves it as it is.")}
        {key !== null && <Key name={key} />}
        {holder && ` That key is already for “${holder.title}”, which would have none.`}
      </p>
      {key !== null && (
        <span className={styles.answers}>
          <Button autoFocus onClick={() => take(key)}>
            {holder ? "Use it here instead" : "Use it"}
          </Button>
          <Button look="quiet" onClick={again}>
            Another key
          </Button>
          <Button look="quiet" onClick={onDone}>
            Cancel
          </Button>
        </span>
      )}
      {key === null && (
        <Button
          look="quiet"
          onClick={() => {
            setKeys(command.id, []);
            onDone();
          }}
        >
          No key
        </Button>
      )}
    </div>
  );
}

function Key({ name }: { name: string }) {
  const layout = useLayout();
  return (
    <span className={styles.key}>
      {readable(name, layout).map((part) => (
        <kbd key={part} className={styles.cap}>
          {part}
        </kbd>
      ))}
    </span>
  );
}
