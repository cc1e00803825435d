import { useEffect, useId, useRef, useState } from "react";
import type { Asset } from "../../api/shapes";
import { useReview } from "../../review/use-review";
import styles from "./notes.module.css";
import section from "./section.module.css";

const LONGEST = 10_000;
const QUIET_MS = 800;

/** Written down by itself, a moment after the last key and when it is left. */
export function Notes({ asset }: { asset: Asset }) {
  const id = useId();
  const { note } = useReview();
  const [text, setText] = useState(asset.notes);
  const [isWriting, setWriting] = useState(false);
  const kept = useRef(asset.notes);
  const heard = useRef(asset.notes);

  // What another window wrote is shown, unless one is writing here. What was just written here is
  // not undone by what was there before.
  useEffect(() => {
    if (isWriting || asset.notes === heard.current) return;
    heard.current = asset.notes;
    if (asset.notes === kept.current) return;
    kept.current = asset.notes;
    setText(asset.notes);
  }, [asset.notes, isWriting]);

  const keep = useRef<() => void>(() => undefined);
  keep.current = () => {
    if (text === kept.current) return;
    kept.current = text;
    note(asset, text);
  };
  useEffect(() => {
    if (text === kept.current) return;
    const timer = window.setTimeout(() => keep.current(), QUIET_MS);
    return () => window.clearTimeout(timer);
  }, [text]);
  // Going on to another card is leaving, too.
  useEffect(() => () => keep.current(), []);

  return (
    <section className={section.section}>
      <h3>
        <label htmlFor={id}>Notes</label>
      </h3>
      <textarea
        id={id}
        className={styles.notes}
        value={text}
        maxLength={LONGEST}
        rows={2}
        placeholder="What to remember of it"
        onFocus={() => setWriting(true)}
        onBlur={() => {
          setWriting(false);
          keep.current();
        }}
        onChange={({ target }) => setText(target.value)}
      />
    </section>
  );
}
