import { useEffect, useRef, useState } from "react";
import type { Connection } from "../api/event-stream";
import { useAnnounce } from "../components/announcer";
import { Icon } from "../components/icon";
import { STUDIO_AWAY, useToast } from "../components/toasts";
import styles from "./connection-bar.module.css";
import { useConnectionHeight } from "./use-connection-height";

/** A restart of the studio shorter than this is not worth a word. */
const QUIET_FOR_MS = 1200;

/** Says that the studio is away, or does not know this browser, and what to do about it. */
export function ConnectionBar({ connection }: { connection: Connection }) {
  const said = useLastingTrouble(connection);
  const announce = useAnnounce();
  const before = useRef(said);
  useEffect(() => {
    if (before.current !== null && said === null) announce("The studio is back.");
    before.current = said;
  }, [said, announce]);
  const bar = useRef<HTMLDivElement>(null);
  useConnectionHeight(bar);
  const { close } = useToast();
  useEffect(() => {
    if (connection === "live") close(STUDIO_AWAY);
  }, [connection, close]);
  return (
    // Said outright: what stands behind a dialog is hidden, but for what is marked as live.
    <div ref={bar} className={styles.place} role="status" aria-live="polite">
      {said === "lost" && (
        <p className={styles.bar}>
          <Icon name="warning" />
          <span>
            <strong>The studio does not answer.</strong> If you have ended it, start it again with{" "}
            <code>rushes studio</code>. This page goes on by itself as soon as it answers.
          </span>
        </p>
      )}
      {said === "locked" && (
        <p className={styles.bar}>
          <Icon name="key" />
          <span>
            <strong>The studio no longer knows this browser.</strong> Open the address that{" "}
            <code>rushes studio</code> printed when it was started: it holds the access token. This
            page then goes on by itself.
          </span>
        </p>
      )}
    </div>
  );
}

function useLastingTrouble(connection: Connection): "lost" | "locked" | null {
  const [isLasting, setLasting] = useState(false);
  const isTrouble = connection === "lost" || connection === "locked";
  useEffect(() => {
    if (!isTrouble) {
      setLasting(false);
      return;
    }
    const timer = window.setTimeout(() => setLasting(true), QUIET_FOR_MS);
    return () => window.clearTimeout(timer);
  }, [isTrouble]);
  return isTrouble && isLasting ? connection : null;
}
