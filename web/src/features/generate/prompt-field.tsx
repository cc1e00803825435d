import type { Problem } from "../../api/shapes";
import { ProblemNote } from "../../components/problem-note";
import field from "./field.module.css";
import styles from "./prompt-field.module.css";

interface Props {
  value: string;
  limit: number | null;
  problem: Problem | null;
  onChange: (value: string) => void;
}

export function PromptField({ value, limit, problem, onChange }: Props) {
  const isNearLimit = limit !== null && value.length > limit * 0.8;
  return (
    <div className={field.field}>
      <label className={field.label} htmlFor="prompt">
        Prompt
      </label>
      <textarea
        id="prompt"
        className={styles.prompt}
        rows={5}
        value={value}
        placeholder="What should be seen and heard?"
        aria-invalid={problem !== null}
        aria-describedby={problem ? "prompt-problem" : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {isNearLimit && (
        <p className={field.hint}>
          {value.length.toLocaleString()} of {limit.toLocaleString()} characters
        </p>
      )}
      {problem && <ProblemNote id="prompt-problem" problem={problem} />}
    </div>
  );
}
