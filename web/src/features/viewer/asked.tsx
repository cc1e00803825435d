import type { Generation, Model } from "../../api/shapes";
import { cost } from "../../format/money";
import { settingValue } from "../../format/words";
import styles from "./asked.module.css";
import { CopyButton } from "./copy-button";
import { Pairs } from "./pairs";
import section from "./section.module.css";

interface Props {
  generation: Generation;
  models: readonly Model[];
}

/** What was asked, of whom, and for how much. */
export function Asked({ generation, models }: Props) {
  const { prompt, estimate, actual_cost: actual, billed_units: units } = generation;
  const model = models.find(({ id }) => id === generation.model);
  const title = model?.title ?? generation.model;
  const settings = settingsOf(generation, model);
  const copied = [title, ...settings.map((pair) => pair.join(": "))].join("\n");
  return (
    <>
      <section className={section.section}>
        <div className={section.head}>
          <h3>Prompt</h3> <CopyButton label="Copy the prompt" text={prompt} />
        </div>
        <p className={styles.prompt} dir="auto">
          {prompt}
        </p>
      </section>
      <section className={section.section}>
        <div className={section.head}>
          <h3>Settings</h3> <CopyButton label="Copy the settings" text={copied} />
        </div>
        <Pairs
          pairs={[
            ["Model", title],
            ...settings,
            ["Take", String(generation.take_number)],
            ["Estimated", cost(estimate)],
            [
              "Actual cost",
              actual ? cost(actual) : units ? `${units} of the provider's units` : null,
            ],
          ]}
        />
      </section>
    </>
  );
}

function settingsOf({ settings, task }: Generation, model: Model | undefined): [string, string][] {
  const known = new Map(model?.tasks[task]?.settings.map((setting) => [setting.name, setting]));
  return Object.entries(settings).map(([name, value]) => {
    const setting = known.get(name);
    return [
      setting?.label ?? name,
      settingValue(value, setting?.kind === "choice" ? setting.unit : ""),
    ];
  });
}
