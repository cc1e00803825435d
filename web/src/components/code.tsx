import styles from "./code.module.css";

/** A sentence in which the parts between backticks are what one types. */
export function Code({ text }: { text: string }) {
  const parts = text.split("`");
  return parts.map((part, place) =>
    place % 2 === 0 ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence stay where they are
      <code key={place} className={styles.code}>
        {part}
      </code>
    ),
  );
}
