import { useId, useState } from "react";
import type { Problem, SettingValue, WholeNumber } from "../../api/shapes";
import { ProblemNote } from "../../components/problem-note";
import field from "./field.module.css";
import { accepts } from "./rules";

interface Props {
  setting: WholeNumber;
  value: SettingValue;
  problem: Problem | null;
  onChange: (value: number) => void;
}

/** Empty as long as it is left to the studio. What is typed stays as typed; only a number that the model takes becomes the value. */
export function NumberField({ setting, value, problem, onChange }: Props) {
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const isTaken = typed === null || typed === "" || accepts(setting, Number(typed));
  const type = (text: string) => {
    setTyped(text);
    const number = text === "" ? setting.default : Number(text);
    if (accepts(setting, number)) onChange(number);
  };
  return (
    <div className={field.field}>
      <label className={field.label} htmlFor={id}>
        {setting.label}
      </label>
      <input
        id={id}
        className={field.input}
        type="text"
        inputMode="numeric"
        autoComplete="off"
        value={typed ?? (value === setting.default ? "" : String(value))}
        placeholder="Each its own"
        aria-invalid={!isTaken}
        aria-describedby={`${id}-range`}
        onChange={(event) => type(event.target.value)}
        onBlur={() => setTyped(null)}
      />
      <p className={field.hint} id={`${id}-range`}>
        {isTaken ? "A" : "This must be a"} whole number from {setting.minimum.toLocaleString()} to{" "}
        {setting.maximum.toLocaleString()}.
      </p>
      {problem && <ProblemNote problem={problem} />}
    </div>
  );
}
