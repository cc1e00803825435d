import { IconButton } from "../../components/icon-button";
import { MOST_TAKES } from "../../draft/draft";
import field from "./field.module.css";
import styles from "./takes-field.module.css";

interface Props {
  value: number;
  modelCount: number;
  onChange: (takes: number) => void;
}

/** How many takes of each model. */
export function TakesField({ value, modelCount, onChange }: Props) {
  return (
    <fieldset className={styles.row}>
      <legend className={styles.legend}>{modelCount > 1 ? "Takes of each model" : "Takes"}</legend>
      <span className={field.label} aria-hidden="true">
        {modelCount > 1 ? "Takes of each model" : "Takes"}
      </span>
      <span className={styles.stepper}>
        <IconButton
          icon="minus"
          label="One take less"
          disabled={value <= 1}
          onClick={() => onChange(value - 1)}
        />
        <output className={styles.number} aria-label="Number of takes">
          {value}
        </output>
        <IconButton
          icon="add"
          label="One take more"
          disabled={value >= MOST_TAKES}
          onClick={() => onChange(value + 1)}
        />
      </span>
    </fieldset>
  );
}
