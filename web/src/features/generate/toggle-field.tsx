import { useId } from "react";
import type { Problem, SettingValue, Toggle } from "../../api/shapes";
import { ProblemNote } from "../../components/problem-note";
import field from "./field.module.css";
import styles from "./toggle-field.module.css";

interface Props {
  setting: Toggle;
  value: SettingValue;
  problem: Problem | null;
  why: (candidate: SettingValue) => string | null;
  onChange: (value: boolean) => void;
}

export function ToggleField({ setting, value, problem, why, onChange }: Props) {
  const id = useId();
  const closed = why(value !== true);
  return (
    <div className={field.field}>
      <label className={styles.row}>
        <span className={field.label}>{setting.label}</span>
        <input
          type="checkbox"
          role="switch"
          className={styles.switch}
          checked={value === true}
          aria-checked={value === true}
          disabled={closed !== null}
          aria-describedby={closed ? `${id}-closed` : undefined}
          onChange={(event) => onChange(event.target.checked)}
        />
      </label>
      {closed && (
        <p className={field.hint} id={`${id}-closed`}>
          {value === true ? "Cannot be off here" : "Cannot be on here"}: {closed}
        </p>
      )}
      {problem && <ProblemNote problem={problem} />}
    </div>
  );
}
