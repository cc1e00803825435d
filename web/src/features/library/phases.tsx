import styles from "./phases.module.css";

interface Props {
  phase: number;
  fraction: number | null;
}

const PHASES = ["Asked", "Queue", "Running", "Saving"];

/** Where the way stands: four pieces, the current one filled as far as it is known. */
export function Phases({ phase, fraction }: Props) {
  return (
    <div className={styles.phases}>
      {PHASES.map((name, index) => {
        if (index !== phase) return <span key={name} data-done={index < phase} />;
        if (fraction === null) return <span key={name} data-moving="" />;
        return <progress key={name} aria-label={name} max={1} value={fraction} />;
      })}
    </div>
  );
}
