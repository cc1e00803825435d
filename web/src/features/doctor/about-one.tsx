import { EVERYTHING } from "../../address/address";
import { useExplanation } from "../../api/doctor";
import { problemOf } from "../../api/request";
import type { Explanation, Finding, Playback } from "../../api/shapes";
import { Button } from "../../components/button";
import { Code } from "../../components/code";
import { Icon } from "../../components/icon";
import { ProblemNote } from "../../components/problem-note";
import { dateAndTime } from "../../format/times";
import { sentences, shortened } from "../../format/words";
import { answers, type Fact } from "./answers";
import styles from "./doctor.module.css";
import { Findings } from "./findings";
import { asText, summary } from "./grouped";
import { Tools } from "./tools";

interface Props {
  thing: string;
  onAsk: (thing: string) => void;
  onOpen: (cardId: string) => void;
}

/** Why one clip can or cannot be seen and played. */
export function AboutOne({ thing, onAsk, onOpen }: Props) {
  const { data, error, isFetching, refetch } = useExplanation(thing);
  return (
    <>
      <div className={styles.head}>
        <h1 className={styles.title}>{data ? nameOf(data.explanation) : "One clip"}</h1>
        <p className={styles.said} role="status">
          {data ? summary(data.explanation.findings) : error ? "" : "Looking…"}
        </p>
        <Tools text={data ? textOf(data) : null} isBusy={isFetching} onAgain={() => void refetch()}>
          {data && (
            <Button onClick={() => onOpen(cardOf(data.explanation))}>
              <Icon name="open" />
              Open it
            </Button>
          )}
          <Button look="quiet" onClick={() => onAsk(EVERYTHING)}>
            Everything else
          </Button>
        </Tools>
      </div>
      {error && <ProblemNote problem={problemOf(error)} />}
      {data && (
        <>
          <dl className={styles.facts}>
            {answers(data.explanation, data.playback).map((fact) => (
              <Answered key={fact.question} {...fact} />
            ))}
          </dl>
          <Findings findings={data.explanation.findings} onAsk={null} />
        </>
      )}
    </>
  );
}

function Answered({ question, answer, reason }: Fact) {
  return (
    <div className={styles.fact}>
      <dt>{question}</dt>
      <dd>
        {answer}
        {reason && (
          <span className={styles.reason}>
            <Code text={sentences(reason)} />
          </span>
        )}
      </dd>
    </div>
  );
}

interface Told {
  explanation: Explanation;
  playback: Playback | null;
}

function textOf({ explanation, playback }: Told): string {
  const { asset, generation, findings } = explanation;
  const facts = answers(explanation, playback).map(
    ({ question, answer, reason }) =>
      `${question} ${answer}${reason ? ` ${sentences(reason)}` : ""}`,
  );
  const ids = [asset && `asset ${asset.id}`, generation && `generation ${generation.id}`];
  const heading = [...ids.filter(Boolean), dateAndTime(new Date().toISOString())].join(", ");
  return asText([heading, ...facts].join("\n"), findings as Finding[]);
}

const nameOf = ({ asset, generation }: Explanation): string =>
  shortened(generation?.prompt ?? asset?.name ?? "One clip", 160);

const cardOf = ({ asset, generation }: Explanation): string => generation?.id ?? asset?.id ?? "";
