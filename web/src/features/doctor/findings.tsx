import { useId, useState } from "react";
import type { Finding } from "../../api/shapes";
import { Button } from "../../components/button";
import { Code } from "../../components/code";
import { Icon } from "../../components/icon";
import { capitalized } from "../../format/words";
import styles from "./findings.module.css";
import { type Group, grouped, STATUSES } from "./grouped";

interface Props {
  findings: readonly Finding[];
  /** Asks about one asset or generation; null where that is what has been asked. */
  onAsk: ((thing: string) => void) | null;
}

/** The findings by their status. What is in order is there, and out of the way. */
export function Findings({ findings, onAsk }: Props) {
  const groups = grouped(findings);
  return groups.map((group) => (
    <Section
      key={group.status}
      group={group}
      isClosed={group.status === "ok" && groups.length > 1 && onAsk !== null}
      onAsk={onAsk}
    />
  ));
}

interface SectionProps {
  group: Group;
  isClosed: boolean;
  onAsk: Props["onAsk"];
}

function Section({ group: { status, findings }, isClosed, onAsk }: SectionProps) {
  const id = useId();
  const [isOpen, setOpen] = useState(!isClosed);
  const { title } = STATUSES[status];
  return (
    <section className={styles.group} data-status={status} aria-labelledby={id}>
      <header className={styles.head}>
        <h2 className={styles.title} id={id}>
          {title}
          <span className={styles.count}> {findings.length}</span>
        </h2>
        {isClosed && (
          <Button look="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? "Hide" : "Show"}
          </Button>
        )}
      </header>
      {isOpen && (
        <ul className={styles.list}>
          {findings.map((finding, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two findings may be alike in all else
            <Row key={`${finding.code} ${place}`} finding={finding} onAsk={onAsk} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Row({ finding, onAsk }: { finding: Finding; onAsk: Props["onAsk"] }) {
  const { check, status, message, remedy, ids } = finding;
  return (
    <li className={styles.row} data-code={finding.code}>
      <span className={styles.icon}>
        <Icon name={STATUSES[status].icon} />
      </span>
      <div className={styles.words}>
        <h3 className={styles.check}>{capitalized(check)}</h3>
        <p>
          <Code text={message} />
        </p>
        {remedy && (
          <p className={styles.remedy}>
            <Code text={remedy} />
          </p>
        )}
        {onAsk && ids.length > 0 && <Ids ids={ids} check={check} onAsk={onAsk} />}
      </div>
    </li>
  );
}

const SHOWN = 5;

interface IdsProps {
  ids: readonly string[];
  check: string;
  onAsk: (thing: string) => void;
}

/** What it is about, each a way to more. */
function Ids({ ids, check, onAsk }: IdsProps) {
  const [isAll, setAll] = useState(false);
  const more = ids.length - SHOWN;
  return (
    <ul className={styles.ids} aria-label={`What ${check} is about`}>
      {(isAll ? ids : ids.slice(0, SHOWN)).map((id) => (
        <li key={id}>
          <Button look="quiet" className={styles.id} onClick={() => onAsk(id)}>
            <span className="visually-hidden">Ask about </span>
            {id}
          </Button>
        </li>
      ))}
      {more > 0 && !isAll && (
        <li>
          <Button look="quiet" className={styles.id} onClick={() => setAll(true)}>
            {more.toLocaleString()} more
          </Button>
        </li>
      )}
    </ul>
  );
}
