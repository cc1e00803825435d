import type { Model, Problem } from "../../api/shapes";
import { Picker } from "../../components/picker";
import { ProblemNote } from "../../components/problem-note";
import { priceHint } from "../../format/money";
import { sentences } from "../../format/words";
import field from "./field.module.css";
import styles from "./model-field.module.css";

interface Props {
  models: readonly Model[];
  chosen: Model | undefined;
  problem: Problem | null;
  onChoose: (id: string) => void;
}

export function ModelField({ models, chosen, problem, onChoose }: Props) {
  const shown = chosen?.unavailable ?? problem;
  return (
    <div className={field.field}>
      <Picker
        label="Model"
        value={chosen?.id ?? null}
        placeholder="Choose a model"
        onChange={onChoose}
        options={models.map((model, index) => ({
          value: model.id,
          title: model.title,
          isDisabled: model.unavailable !== null,
          body: <ModelBody model={model} isRepeated={isRepeated(models, index)} />,
        }))}
      />
      {chosen && <p className={field.hint}>{[chosen.summary, ...chosen.notes].join(" ")}</p>}
      {shown && <ProblemNote problem={shown} />}
    </div>
  );
}

/** Whether the model above cannot be used for the same reason. */
function isRepeated(models: readonly Model[], index: number): boolean {
  return models[index]?.unavailable?.code === models[index - 1]?.unavailable?.code;
}

function ModelBody({ model, isRepeated }: { model: Model; isRepeated: boolean }) {
  const capabilities = model.tasks["text-to-video"] ?? model.tasks["image-to-video"];
  return (
    <>
      <p>{model.summary}</p>
      {capabilities && <p className={styles.price}>{priceHint(capabilities.price)}</p>}
      {model.unavailable && (
        <p className={styles.reason}>
          {isRepeated ? model.unavailable.title : sentences(model.unavailable)}
        </p>
      )}
    </>
  );
}
