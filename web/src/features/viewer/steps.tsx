import type { Step } from "../../api/shapes";
import { useNow } from "../../components/use-now";
import { timeOfDay } from "../../format/times";
import { seconds } from "../../format/units";
import section from "./section.module.css";
import { spansOf } from "./spans";
import styles from "./steps.module.css";

interface Props {
  steps: readonly Step[];
  isUnderWay: boolean;
}

/** What happened and when: each step from its moment to the next, on one line of time. */
export function Steps({ steps, isUnderWay }: Props) {
  const now = useNow(isUnderWay);
  const { spans, total } = spansOf(steps, isUnderWay ? now : null);
  return (
    <section className={section.section}>
      <div className={section.head}>
        <h3 id="steps-title">Steps</h3>{" "}
        <span className={styles.total}>{seconds(total)} in all</span>
      </div>
      <table className={styles.steps} aria-labelledby="steps-title">
        <thead className="visually-hidden">
          <tr>
            <th scope="col">Step</th>
            <th scope="col">At</th>
            <th scope="col">Until the next</th>
          </tr>
        </thead>
        <tbody>
          {spans.map(({ step, begin, length, isOpen }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps are only ever added at the end
            <tr key={index} className={styles.step} data-open={isOpen}>
              <th scope="row" className={styles.name}>
                {step.name}
              </th>
              <td className={styles.time}>
                <time dateTime={step.at}>{timeOfDay(step.at)}</time>
              </td>
              <td className={styles.wait}>
                <span className={styles.length}>
                  {length === null ? "" : `${isOpen ? "so far " : ""}${seconds(length)}`}
                </span>
                {step.detail && <span className={styles.detail}>{step.detail}</span>}
                <span className={styles.line} aria-hidden="true">
                  <span
                    className={styles.bar}
                    style={{
                      marginInlineStart: `${part(begin, total)}%`,
                      inlineSize: `${part(length ?? 0, total)}%`,
                    }}
                  />
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const part = (seconds: number, total: number): number => (total > 0 ? (100 * seconds) / total : 0);
