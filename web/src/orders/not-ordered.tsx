import type { Estimate, Problem } from "../api/shapes";
import { Button } from "../components/button";
import { ProblemNote } from "../components/problem-note";
import { cost } from "../format/money";
import styles from "./not-ordered.module.css";

const FULL = "disk_full";

interface Props {
  problem: Problem;
  price: Estimate | null;
  isReady: boolean;
  onOrder: () => void;
}

/** Why nothing was ordered. Where only room is missing: what it means, and a button of its own. */
export function NotOrdered({ problem, price, isReady, onOrder }: Props) {
  return (
    <div className={styles.problem}>
      <ProblemNote problem={problem} />
      {problem.code === FULL && (
        <div className={styles.anyway}>
          <p>
            You can order all the same. What does not fit is kept aside, and saved when there is
            room.
          </p>
          <Button disabled={!isReady} onClick={onOrder}>
            Order anyway{price ? ` · ${cost(price)}` : ""}
          </Button>
        </div>
      )}
    </div>
  );
}
