import type { ReactNode } from "react";
import styles from "./pairs.module.css";

/** Names and values; what has no value is left out. */
export function Pairs({ pairs }: { pairs: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className={styles.pairs}>
      {pairs
        .filter(([, value]) => value !== null && value !== "")
        .map(([name, value]) => (
          <div key={name} className={styles.pair}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
