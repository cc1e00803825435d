import type { Ref } from "react";
import type { Problem } from "../../api/shapes";
import { ProblemNote } from "../../components/problem-note";
import field from "./field.module.css";
import styles from "./prompt-field.module.css";

const NEAR = 0.8;

interface Props {
  ref: Ref<HTMLTextAreaElement>;
  value: string;
  /** The shortest of the chosen models. */
  limit: number | null;
  problem: Problem | null;
  onChange: (value: string) => void;
}

export function PromptField({ ref, value, limit, problem, onChange }: Props) {
  const length = [...value].length; // characters, as the studio counts them
  const over = limit === null ? 0 : length - limit;
  const isNear = limit !== null && length > limit * NEAR;
  return (
    <div className={field.field}>
      <label className={field.label} htmlFor="prompt">
        Prompt
      </label>
      <textarea
        ref={ref}
        id="prompt"
        className={styles.prompt}
        dir="auto"
        rows={5}
        value={value}
        placeholder="What should be seen and heard?"
        aria-invalid={problem !== null || over > 0}
        aria-describedby="prompt-length prompt-problem"
        onChange={(event) => onChange(event.target.value)}
      />
      <p id="prompt-length" className={over > 0 ? styles.over : field.hint} hidden={!isNear}>
        {length.toLocaleString()} of {limit?.toLocaleString()} characters
        {over > 0 && `: ${over.toLocaleString()} too many`}
      </p>
      {problem && <ProblemNote id="prompt-problem" problem={problem} />}
    </div>
  );
}
