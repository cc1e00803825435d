import { Fragment } from "react";
import type { Estimate, Model, Problem } from "../../api/shapes";
import { Button } from "../../components/button";
import { Checkbox } from "../../components/checkbox";
import { Icon } from "../../components/icon";
import { Popover } from "../../components/popover";
import { ProblemNote } from "../../components/problem-note";
import { cost, priceHint } from "../../format/money";
import { capitalized, listed, quoted } from "../../format/words";
import field from "./field.module.css";
import { KeyHint } from "./key-hint";
import styles from "./model-field.module.css";
import type { Misfit } from "./together";

type Task = "text-to-video" | "image-to-video";

/** The provider that needs a key. */
const KEYED = "fal";

interface Props {
  models: readonly Model[];
  chosen: readonly Model[];
  task: Task;
  /** What all takes of a chosen model would cost, by its id. */
  prices: ReadonlyMap<string, Estimate>;
  misfits: readonly Misfit[];
  problem: Problem | null;
  onChoose: (ids: readonly string[]) => void;
  /** Whether the list of models is open. */
  isOpen: boolean;
  setOpen: (isOpen: boolean) => void;
}

/** Who makes the takes: one model, or several for the same prompt. */
export function ModelField({ models, chosen, prices, misfits, problem, ...props }: Props) {
  const isSeveral = chosen.length > 1;
  const closed = models.filter(({ unavailable }) => unavailable !== null);
  return (
    <fieldset className={field.field} aria-labelledby="models-label">
      <div className={styles.head}>
        <span className={field.label} id="models-label">
          {isSeveral ? "Models" : "Model"}
        </span>
        <ModelList {...{ models, chosen }} {...props} />
      </div>
      <ul className={styles.chosen}>
        {chosen.map((model) => (
          <li key={model.id} className={styles.model}>
            <span className={styles.title}>{model.title}</span>
            {isSeveral && <span className={styles.price}>{priceOf(prices.get(model.id))}</span>}
            <ModelNotes model={model} isOnly={!isSeveral} />
            {misfits
              .filter((misfit) => misfit.model.id === model.id)
              .map(({ words }) => (
                <p key={words} className={styles.misfit}>
                  <Icon name="info" />
                  <span>{capitalized(words)}.</span>
                </p>
              ))}
          </li>
        ))}
      </ul>
      <KeyHint models={closed} provider={KEYED} onDone={() => props.setOpen(true)} />
      {problem && <ProblemNote problem={problem} />}
    </fieldset>
  );
}

const priceOf = (estimate: Estimate | undefined) => (estimate ? cost(estimate) : "");

function ModelNotes({ model, isOnly }: { model: Model; isOnly: boolean }) {
  const words = isOnly ? [model.summary, ...model.notes] : model.notes;
  return words.length > 0 && <p className={styles.notes}>{quoted(words.join(" "))}</p>;
}

type ListProps = Omit<Props, "prices" | "misfits" | "problem">;

function ModelList({ models, chosen, task, onChoose, isOpen, setOpen }: ListProps) {
  const ids = chosen.map(({ id }) => id);
  const toggle = (id: string, isChosen: boolean) => {
    // In the table's order; the last one stays, so that there is always somebody to ask.
    const wanted = models.filter((one) => (one.id === id ? isChosen : ids.includes(one.id)));
    if (wanted.length > 0) onChoose(wanted.map((one) => one.id));
  };
  return (
    <Popover
      title="One or several models"
      isOpen={isOpen}
      onOpenChange={setOpen}
      trigger={
        <Button look="quiet" className={styles.open ?? ""}>
          Choose models <Icon name="down" />
        </Button>
      }
    >
      <div className={styles.list}>
        {familiesOf(models).map(({ name, members }) => (
          <Fragment key={name}>
            {members.length > 1 && <p className={styles.family}>{name}</p>}
            <ul aria-label={name} className={styles.members}>
              {members.map((model) => (
                <li key={model.id}>
                  <Checkbox
                    label={model.title}
                    isChecked={ids.includes(model.id)}
                    isDisabled={whyNot(model, task) !== null}
                    onChange={(isChosen) => toggle(model.id, isChosen)}
                  >
                    <span className={styles.rate}>{rateOf(model, task)}</span> {model.summary}{" "}
                    <span className={styles.reason}>{whyNot(model, task)}</span>
                  </Checkbox>
                </li>
              ))}
            </ul>
          </Fragment>
        ))}
      </div>
    </Popover>
  );
}

function whyNot(model: Model, task: Task): string | null {
  if (model.unavailable) return model.unavailable.title;
  if (model.tasks[task]) return null;
  return task === "image-to-video" ? "It cannot start from an image." : "It needs an image.";
}

function rateOf(model: Model, task: Task): string {
  const capabilities = model.tasks[task];
  return capabilities ? `${capitalized(priceHint(capabilities.price))}.` : "";
}

interface Family {
  name: string;
  members: readonly Model[];
}

/** Models with the first word of their title in common, such as LTX-2.3. */
function familiesOf(models: readonly Model[]): Family[] {
  const families = new Map<string, Model[]>();
  for (const model of models) {
    const [name = model.title] = model.title.split(" ");
    families.set(name, [...(families.get(name) ?? []), model]);
  }
  return [...families].map(([name, members]) => ({ name, members }));
}

export const titlesOf = (models: readonly Model[]) => listed(models.map(({ title }) => title));
