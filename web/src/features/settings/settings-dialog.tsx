import { useHealth } from "../../api/health";
import { Button } from "../../components/button";
import { Checkbox } from "../../components/checkbox";
import { Modal } from "../../components/modal";
import { RadioGroup } from "../../components/radio-group";
import { chooseScheme, type Scheme, useScheme } from "../../design/scheme";
import { setCharactersOff, useChanges } from "../../shortcuts/key-map";
import styles from "./settings-dialog.module.css";

const SCHEMES: { value: Scheme; title: string }[] = [
  { value: "system", title: "As the system has it" },
  { value: "light", title: "Light" },
  { value: "dark", title: "Dark" },
];

interface Props {
  isOpen: boolean;
  onClose: () => void;
  onShowShortcuts: () => void;
  onAskDoctor: () => void;
}

/** What a person chooses for this browser. What the studio does is set where it is started. */
export function SettingsDialog({ isOpen, onClose, ...more }: Props) {
  return (
    <Modal title="Settings" isOpen={isOpen} onClose={onClose}>
      <Settings {...more} />
    </Modal>
  );
}

function Settings({ onShowShortcuts, onAskDoctor }: Omit<Props, "isOpen" | "onClose">) {
  const scheme = useScheme();
  const { areCharactersOff } = useChanges();
  const version = useHealth().data?.version;
  return (
    <div className={styles.settings}>
      <RadioGroup label="Colours" options={SCHEMES} value={scheme} onChange={chooseScheme} />
      <section className={styles.part} aria-labelledby="settings-keys">
        <h3 className={styles.title} id="settings-keys">
          Keyboard
        </h3>
        <Checkbox
          label="Shortcuts of a single character"
          isChecked={!areCharactersOff}
          onChange={(isOn) => setCharactersOff(!isOn)}
        >
          Such as P for Pick. Switch them off if speech input or a slip of the hand presses them.
        </Checkbox>
        <Button className={styles.open} onClick={onShowShortcuts}>
          All shortcuts
        </Button>
      </section>
      <section className={styles.part} aria-labelledby="settings-doctor">
        <h3 className={styles.title} id="settings-doctor">
          When something is wrong
        </h3>
        <p>The doctor looks at everything and changes nothing.</p>
        <Button className={styles.open} onClick={onAskDoctor}>
          Ask the doctor
        </Button>
      </section>
      <p className={styles.foot}>
        These are kept in this browser.{version && ` Rushes ${version}.`}
      </p>
    </div>
  );
}
