import { type Thorough, useDoctor, useThorough } from "../../api/doctor";
import { useHealth } from "../../api/health";
import { problemOf } from "../../api/request";
import { Button } from "../../components/button";
import { Icon } from "../../components/icon";
import { ProblemNote } from "../../components/problem-note";
import { dateAndTime, timeOfDay } from "../../format/times";
import { bytes } from "../../format/units";
import { counted } from "../../format/words";
import styles from "./doctor.module.css";
import { Findings } from "./findings";
import { asText, summary } from "./grouped";
import { Tools } from "./tools";

/** Everything that the studio can look at by itself. */
export function Overall({ onAsk }: { onAsk: (thing: string) => void }) {
  const { data, error, isFetching, refetch, dataUpdatedAt } = useDoctor(true);
  const thorough = useThorough();
  const version = useHealth().data?.version;
  const { progress, isRunning } = thorough;
  const findings = progress?.isReading ? progress.findings : (data?.findings ?? null);
  const problem = thorough.problem ?? (error ? problemOf(error) : null);
  const at = new Date(dataUpdatedAt).toISOString();
  const text = findings && asText(`Rushes ${version ?? ""}, ${dateAndTime(at)}`, findings);
  const again = () => {
    thorough.forget();
    void refetch();
  };
  return (
    <>
      <div className={styles.head}>
        <h1 className={styles.title}>Is everything in order?</h1>
        <p className={styles.said} role="status">
          {findings ? summary(findings) : problem ? "" : "Looking…"}
          {findings && !isRunning && data && (
            <span className={styles.quiet}> Looked at {timeOfDay(at)}.</span>
          )}
        </p>
        <Tools text={text} isBusy={isFetching || isRunning} onAgain={again}>
          <Button disabled={isRunning} onClick={() => void thorough.start()}>
            <Icon name="search" />
            Read everything
          </Button>
        </Tools>
      </div>
      {progress && <Reading progress={progress} isRunning={isRunning} onStop={thorough.stop} />}
      {problem && <ProblemNote problem={problem} />}
      {findings && <Findings findings={findings} onAsk={onAsk} />}
    </>
  );
}

interface ReadingProps {
  progress: Thorough;
  isRunning: boolean;
  onStop: () => void;
}

/** How far the reading is, and what came of it. */
function Reading({ progress, isRunning, onStop }: ReadingProps) {
  const { files, filesInAll, size, sizeInAll, isReading } = progress;
  const said = isReading
    ? `${files.toLocaleString()} of ${counted(filesInAll, "file")} read, ${bytes(size)} of ${bytes(sizeInAll)}.`
    : "Reading the catalogue…";
  const part = isReading ? (sizeInAll === 0 ? 1 : size / sizeInAll) : undefined;
  return (
    <section className={styles.reading} aria-label="Reading everything">
      <p role="status">
        {said}
        {isReading && !isRunning && (files >= filesInAll ? " That was all." : " It was stopped.")}
      </p>
      {isRunning && (
        <div className={styles.progress}>
          <progress value={part} aria-label="Read so far" />
          <Button look="quiet" onClick={onStop}>
            Stop
          </Button>
        </div>
      )}
    </section>
  );
}
