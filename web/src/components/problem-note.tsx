import type { Problem } from "../api/shapes";
import styles from "./problem-note.module.css";

interface Props {
  problem: Problem;
  id?: string;
}

/** A problem where it belongs: what was observed, then what can be done. */
export function ProblemNote({ problem, id }: Props) {
  return (
    <div className={styles.note} id={id}>
      <p className={styles.title}>{problem.title}</p>
      {problem.detail && <p>{problem.detail}</p>}
      {problem.remedy && <p className={styles.remedy}>{problem.remedy}</p>}
    </div>
  );
}
