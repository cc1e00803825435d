import { useEffect, useId } from "react";
import type { Asset } from "../../api/shapes";
import { Button } from "../../components/button";
import { typeNote, useTypedNote } from "../../review/typed-notes";
import { useKeepNotes } from "../../review/use-keep-notes";
import styles from "./notes.module.css";
import section from "./section.module.css";

const LONGEST = 10_000;
const QUIET_MS = 800;

/**
 * Written down by itself, a moment after the last key and when it is left. Until it is stored, what
 * was typed stands here, and not what was there before or what another window wrote.
 */
export function Notes({ asset: { id: assetId, notes } }: { asset: Asset }) {
  const id = useId();
  const typed = useTypedNote(assetId);
  const keep = useKeepNotes();
  const text = typed?.text ?? null;
  useEffect(() => {
    if (text === null) return;
    const timer = window.setTimeout(() => void keep(assetId), QUIET_MS);
    return () => window.clearTimeout(timer);
  }, [text, assetId, keep]);
  // Going on to another card is leaving, too.
  useEffect(() => () => void keep(assetId), [assetId, keep]);

  return (
    <section className={section.section}>
      <h3>
        <label htmlFor={id}>Notes</label>
      </h3>
      <textarea
        id={id}
        className={styles.notes}
        value={text ?? notes}
        maxLength={LONGEST}
        rows={2}
        placeholder="What to remember of it"
        aria-describedby={`${id}-state`}
        onBlur={() => void keep(assetId)}
        onChange={({ target }) => typeNote(assetId, target.value)}
      />
      <div id={`${id}-state`} className={styles.state}>
        {typed?.isRefused && (
          <>
            <p>Not kept yet: it is sent again when the studio answers.</p>
            <Button look="quiet" onClick={() => void keep(assetId)}>
              Try now
            </Button>
          </>
        )}
      </div>
    </section>
  );
}
