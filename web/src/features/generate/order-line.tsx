import type { Estimate, Problem } from "../../api/shapes";
import { Button } from "../../components/button";
import { Tooltip } from "../../components/tooltip";
import { cost } from "../../format/money";
import { takesInWords } from "../../format/words";
import { NotOrdered } from "../../orders/not-ordered";
import styles from "./order-line.module.css";

interface Props {
  /** The name of the project, where it has to be said. */
  into: string | null;
  /** What all of it costs; null where it is not known, or would be refused. */
  total: Estimate | null;
  /** Why there is no price. */
  why: string;
  count: number;
  problem: Problem | null;
  told: string | null;
  isReady: boolean;
  isPending: boolean;
  isResting: boolean;
  onOrderAnyway: () => void;
}

/** The price, and the button that spends it. */
export function OrderLine({ into, total, why, count, problem, told, ...props }: Props) {
  return (
    <div className={styles.line}>
      {problem && (
        <NotOrdered
          problem={problem}
          price={total}
          isReady={props.isReady}
          onOrder={props.onOrderAnyway}
        />
      )}
      {told && !problem && <p className={styles.told}>{told}</p>}
      {into !== null && (
        <p className={styles.into}>
          Into: <bdi>{into}</bdi>
        </p>
      )}
      <div className={styles.row}>
        <output className={styles.price} aria-label="Price">
          {total ? <strong>{cost(total)}</strong> : why}
        </output>
        <Tooltip text="Generate" command="generate.submit">
          <Button
            type="submit"
            look="primary"
            className={styles.button ?? ""}
            disabled={!props.isReady}
            aria-busy={props.isPending}
          >
            {count > 1 ? `Generate ${takesInWords(count)}` : "Generate"}
          </Button>
        </Tooltip>
      </div>
    </div>
  );
}
