import { type ReactNode, useEffect, useId, useRef } from "react";
import styles from "./checkbox.module.css";

interface Props {
  label: string;
  isLabelHidden?: boolean;
  /** Some, not all, of what it stands for. */
  isMixed?: boolean;
  isChecked: boolean;
  isDisabled?: boolean;
  onChange: (isChecked: boolean) => void;
  /** More about it, below the label. */
  children?: ReactNode;
}

export function Checkbox({ label, isLabelHidden = false, isChecked, onChange, ...more }: Props) {
  const { isMixed = false, isDisabled = false, children } = more;
  const id = useId();
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // There is no attribute for it.
    if (box.current) box.current.indeterminate = isMixed;
  }, [isMixed]);
  return (
    <div className={styles.checkbox}>
      <label className={styles.row}>
        <input
          ref={box}
          type="checkbox"
          className={styles.box}
          checked={isChecked}
          disabled={isDisabled}
          aria-describedby={children ? id : undefined}
          onChange={(event) => onChange(event.target.checked)}
        />
        <span className={isLabelHidden ? "visually-hidden" : undefined}>{label}</span>
      </label>
      {children && (
        <div className={styles.more} id={id}>
          {children}
        </div>
      )}
    </div>
  );
}
