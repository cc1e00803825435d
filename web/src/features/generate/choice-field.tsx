import { type ReactNode, useId } from "react";
import type { Choice, Problem, SettingValue } from "../../api/shapes";
import { Icon } from "../../components/icon";
import { ProblemNote } from "../../components/problem-note";
import { listed, settingValue } from "../../format/words";
import styles from "./choice-field.module.css";
import field from "./field.module.css";

const MOST_BUTTONS = 8;
const MOST_IN_A_ROW = 5;
const ROOM_IN_A_ROW = 32;

interface Props {
  setting: Choice;
  value: SettingValue;
  problem: Problem | null;
  why: (candidate: SettingValue) => string | null;
  onChange: (value: SettingValue) => void;
}

export function ChoiceField({ setting, value, problem, why, onChange }: Props) {
  const id = useId();
  const closed = setting.values.filter((candidate) => why(candidate) !== null);
  const reasons = [...new Set(closed.map((candidate) => why(candidate)))];
  const shown = (candidate: SettingValue) => settingValue(candidate, setting.unit);
  const Shape = columns(setting.values.map(shown)) === null ? LongChoice : ShortChoice;
  return (
    <Shape {...{ id, setting, value, why, shown, onChange }}>
      {closed.length > 0 && (
        <p className={field.hint} id={`${id}-closed`}>
          {listed(closed.map(shown))} {closed.length === 1 ? "is" : "are"} closed:{" "}
          {reasons.join(" ")}
        </p>
      )}
      {problem && <ProblemNote problem={problem} />}
    </Shape>
  );
}

/** How many buttons stand side by side; null where they do not fit and a list does better. */
function columns(labels: readonly string[]): number | null {
  if (labels.length > MOST_BUTTONS) return null;
  const inRow = labels.length <= MOST_IN_A_ROW ? labels.length : Math.ceil(labels.length / 2);
  const longest = Math.max(...labels.map((label) => label.length));
  return longest * inRow <= ROOM_IN_A_ROW ? inRow : null;
}

interface ShapeProps extends Omit<Props, "problem"> {
  id: string;
  shown: (candidate: SettingValue) => string;
  children: ReactNode;
}

function ShortChoice({ id, setting, value, why, shown, onChange, children }: ShapeProps) {
  return (
    <fieldset className={field.field} aria-describedby={`${id}-closed`}>
      <legend className={field.label}>{setting.label}</legend>
      <div
        className={styles.buttons}
        style={{ gridTemplateColumns: `repeat(${columns(setting.values.map(shown))}, 1fr)` }}
      >
        {setting.values.map((candidate) => (
          <label key={String(candidate)} className={styles.button}>
            <input
              type="radio"
              className={styles.radio}
              name={id}
              checked={candidate === value}
              disabled={why(candidate) !== null}
              onChange={() => onChange(candidate)}
            />
            {shown(candidate)}
          </label>
        ))}
      </div>
      {children}
    </fieldset>
  );
}

function LongChoice({ id, setting, value, why, shown, onChange, children }: ShapeProps) {
  return (
    <div className={field.field}>
      <label className={field.label} htmlFor={id}>
        {setting.label}
      </label>
      <div className={styles.list}>
        <select
          id={id}
          className={field.input}
          value={setting.values.indexOf(value)}
          aria-describedby={`${id}-closed`}
          onChange={(event) => onChange(setting.values[Number(event.target.value)] ?? value)}
        >
          {setting.values.map((candidate, index) => (
            <option key={String(candidate)} value={index} disabled={why(candidate) !== null}>
              {shown(candidate)}
            </option>
          ))}
        </select>
        <Icon name="down" />
      </div>
      {children}
    </div>
  );
}
