import { type ReactNode, useId } from "react";
import styles from "./radio-group.module.css";

export interface RadioOption<T extends string> {
  value: T;
  title: string;
  body?: ReactNode;
}

interface Props<T extends string> {
  label: string;
  options: readonly RadioOption<T>[];
  value: T;
  isDisabled?: boolean;
  onChange: (value: T) => void;
}

/** One of a few, all of them in sight. */
export function RadioGroup<T extends string>({ label, options, value, ...more }: Props<T>) {
  const { isDisabled = false, onChange } = more;
  const id = useId();
  return (
    <fieldset className={styles.group} disabled={isDisabled}>
      <legend className={styles.label}>{label}</legend>
      {options.map((option) => (
        <label key={option.value} className={styles.option}>
          <input
            type="radio"
            className={styles.radio}
            name={id}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span>
            {option.title}
            {option.body && <span className={styles.body}>{option.body}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
