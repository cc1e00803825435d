import { Checkbox as Base } from "@base-ui/react/checkbox";
import { type ReactNode, useId } from "react";
import styles from "./checkbox.module.css";
import { Icon } from "./icon";

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
  return (
    <div className={styles.checkbox}>
      <label className={styles.row} htmlFor={id}>
        <Base.Root
          id={id}
          className={styles.box}
          checked={isChecked}
          indeterminate={isMixed}
          disabled={isDisabled}
          onCheckedChange={onChange}
          aria-describedby={children ? `${id}-more` : undefined}
        >
          <Base.Indicator className={styles.mark}>
            <Icon name={isMixed ? "minus" : "check"} />
          </Base.Indicator>
        </Base.Root>
        <span className={isLabelHidden ? "visually-hidden" : styles.label}>{label}</span>
      </label>
      {children && (
        <div className={styles.more} id={`${id}-more`}>
          {children}
        </div>
      )}
    </div>
  );
}
