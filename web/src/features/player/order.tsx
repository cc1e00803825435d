import type { Generation, Model } from "../../api/shapes";
import { cost } from "../../format/money";
import { dateAndTime } from "../../format/times";
import { settingValue } from "../../format/words";
import styles from "./order.module.css";
import section from "./section.module.css";

interface Props {
  generation: Generation;
  models: readonly Model[];
}

/** What was asked, of whom, and for how much. */
export function Order({ generation, models }: Props) {
  const model = models.find(({ id }) => id === generation.model);
  const settings = model?.tasks[generation.task]?.settings ?? [];
  const known = new Map(settings.map((setting) => [setting.name, setting]));
  const rows = Object.entries(generation.settings).map(([name, value]) => {
    const setting = known.get(name);
    const unit = setting?.kind === "choice" ? setting.unit : "";
    return [setting?.label ?? name, settingValue(value, unit)] as const;
  });
  return (
    <section className={section.section}>
      <h3>Asked for</h3>
      <p className={styles.prompt}>{generation.prompt}</p>
      <dl className={styles.asked}>
        {[
          ["Model", model?.title ?? generation.model] as const,
          ...rows,
          ["Expected cost", cost(generation.estimate)] as const,
          ["Take", String(generation.take_number)] as const,
          ["Asked", dateAndTime(generation.created_at)] as const,
        ].map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
