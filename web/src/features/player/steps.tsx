import type { Step } from "../../api/shapes";
import { secondsBetween, timeOfDay } from "../../format/times";
import { seconds } from "../../format/units";
import section from "./section.module.css";
import styles from "./steps.module.css";

/** What happened and when, each with the time until it as a bar. */
export function Steps({ steps }: { steps: readonly Step[] }) {
  const waits = steps.map((step, index) =>
    secondsBetween(steps[index - 1]?.at ?? step.at, step.at),
  );
  const longest = Math.max(...waits, 0.001);
  return (
    <section className={section.section}>
      <h3>Steps</h3>
      <ol className={styles.steps}>
        {steps.map((step, index) => {
          const wait = waits[index] ?? 0;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps are only ever added at the end
            <li key={index} className={styles.step}>
              <span className={styles.name}>{step.name}</span>
              <time className={styles.time} dateTime={step.at}>
                {timeOfDay(step.at)}
              </time>
              <span className={styles.wait}>{index === 0 ? "" : `+${seconds(wait)}`}</span>
              {step.detail && <span className={styles.detail}>{step.detail}</span>}
              <span className={styles.bar} style={{ inlineSize: `${(100 * wait) / longest}%` }} />
            </li>
          );
        })}
      </ol>
    </section>
  );
}
