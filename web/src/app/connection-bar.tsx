import { useEffect, useState } from "react";
import type { Connection } from "../api/use-events";
import styles from "./connection-bar.module.css";

/** A restart of the studio shorter than this is not worth a word. */
const QUIET_FOR_MS = 1200;

export function ConnectionBar({ connection }: { connection: Connection }) {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (connection !== "lost") {
      setShown(false);
      return;
    }
    const timer = window.setTimeout(() => setShown(true), QUIET_FOR_MS);
    return () => window.clearTimeout(timer);
  }, [connection]);
  return (
    <div role="status">
      {isShown && (
        <p className={styles.bar}>
          The studio does not answer. This page goes on by itself as soon as it does.
        </p>
      )}
    </div>
  );
}
