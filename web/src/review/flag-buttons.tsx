import { Icon, type IconName } from "../components/icon";
import { Tooltip } from "../components/tooltip";
import type { CommandId } from "../shortcuts/commands";
import styles from "./flag-buttons.module.css";
import type { Flag } from "./use-review";

interface Props {
  flag: Flag;
  onFlag: (flag: Flag) => void;
  /** Whose flag it is, for those who do not see where it stands. */
  of?: string;
}

type Verdict = "pick" | "reject";

const BUTTONS: readonly [Verdict, string, IconName, CommandId][] = [
  ["pick", "Pick", "flag", "review.pick"],
  ["reject", "Reject", "close", "review.reject"],
];

/** Pick or reject; the one that is given already takes it off. */
export function FlagButtons({ flag, onFlag, of }: Props) {
  return (
    <fieldset className={styles.flags}>
      <legend className="visually-hidden">{of ? `Flag of ${of}` : "Flag"}</legend>
      {BUTTONS.map(([verdict, label, icon, command]) => (
        <Tooltip key={verdict} text={label} command={command}>
          <button
            type="button"
            className={styles.flag}
            data-verdict={verdict}
            aria-pressed={flag === verdict}
            onClick={() => onFlag(flag === verdict ? null : verdict)}
          >
            <Icon name={icon} isFilled={verdict === "pick" && flag === "pick"} />
            {label}
          </button>
        </Tooltip>
      ))}
    </fieldset>
  );
}
