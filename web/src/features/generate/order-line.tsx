import type { Estimate, Problem, SettingValue } from "../../api/shapes";
import { Button } from "../../components/button";
import { ProblemNote } from "../../components/problem-note";
import { cost } from "../../format/money";
import { settingValue } from "../../format/words";
import styles from "./order-line.module.css";

interface Props {
  estimate: Estimate | null;
  duration: SettingValue | null;
  problem: Problem | null;
  isReady: boolean;
  isPending: boolean;
}

const submitKey = navigator.userAgent.includes("Mac") ? "⌘ Enter" : "Ctrl + Enter";

/** The price, and the button that spends it. */
export function OrderLine({ estimate, duration, problem, isReady, isPending }: Props) {
  const length = duration === null ? null : settingValue(duration, "s");
  return (
    <div className={styles.line}>
      {problem && <ProblemNote problem={problem} />}
      <div className={styles.row}>
        <output className={styles.price} aria-label="Price">
          {estimate ? (
            <>
              <strong>{cost(estimate)}</strong>
              {length && ` · ${length}`}
            </>
          ) : (
            "No price yet"
          )}
        </output>
        <Button
          type="submit"
          look="primary"
          className={styles.button}
          disabled={!isReady}
          aria-busy={isPending}
          aria-keyshortcuts="Control+Enter Meta+Enter"
          title={submitKey}
        >
          Generate
        </Button>
      </div>
    </div>
  );
}
