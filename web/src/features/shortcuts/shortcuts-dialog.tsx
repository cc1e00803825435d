import { type RefObject, useRef, useState } from "react";
import { Button } from "../../components/button";
import { Checkbox } from "../../components/checkbox";
import { Modal } from "../../components/modal";
import { COMMANDS, type Command, GROUPS } from "../../shortcuts/commands";
import { keysOf, resetAll, setCharactersOff, useChanges } from "../../shortcuts/key-map";
import { readable } from "../../shortcuts/keys";
import { useLayout } from "../../shortcuts/use-key-labels";
import { ShortcutRow } from "./shortcut-row";
import styles from "./shortcuts-dialog.module.css";

interface Props {
  isOpen: boolean;
  onClose: () => void;
  onAskDoctor: () => void;
}

/** Every key: found, changed, put back, switched off. */
export function ShortcutsDialog({ isOpen, onClose, onAskDoctor }: Props) {
  const search = useRef<HTMLInputElement>(null);
  return (
    <Modal
      title="Keyboard shortcuts"
      isOpen={isOpen}
      onClose={onClose}
      size="medium"
      initialFocus={search}
    >
      <Shortcuts search={search} onAskDoctor={onAskDoctor} />
    </Modal>
  );
}

interface ShortcutsProps {
  search: RefObject<HTMLInputElement | null>;
  onAskDoctor: () => void;
}

function Shortcuts({ search, onAskDoctor }: ShortcutsProps) {
  const [wanted, setWanted] = useState("");
  const changes = useChanges();
  const layout = useLayout();
  const words = (command: Command) =>
    [
      command.title,
      command.group,
      ...keysOf(command.id, changes).flatMap((key) => readable(key, layout)),
    ]
      .join(" ")
      .toLowerCase();
  const found = COMMANDS.filter((command) => words(command).includes(wanted.trim().toLowerCase()));
  const isChanged = changes.areCharactersOff || Object.keys(changes.keys).length > 0;
  return (
    <div className={styles.shortcuts}>
      <input
        ref={search}
        type="search"
        className={styles.search}
        aria-label="Find a shortcut"
        placeholder="Find a shortcut"
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
      />
      {GROUPS.map((group) => (
        <Group
          key={group}
          title={group}
          commands={found.filter((command) => command.group === group)}
        />
      ))}
      <p role="status" className={styles.none}>
        {found.length === 0 && "No shortcut is called that."}
      </p>
      <div className={styles.foot}>
        <Checkbox
          label="Shortcuts of a single character"
          isChecked={!changes.areCharactersOff}
          onChange={(isOn) => setCharactersOff(!isOn)}
        />
        <Button look="quiet" onClick={onAskDoctor}>
          Ask the doctor
        </Button>
        <Button look="quiet" disabled={!isChanged} onClick={resetAll}>
          Reset all
        </Button>
      </div>
    </div>
  );
}

function Group({ title, commands }: { title: string; commands: readonly Command[] }) {
  if (commands.length === 0) return null;
  return (
    <section className={styles.group} aria-label={title}>
      <h3 className={styles.title}>{title}</h3>
      <ul>
        {commands.map((command) => (
          <ShortcutRow key={command.id} command={command} />
        ))}
      </ul>
    </section>
  );
}
