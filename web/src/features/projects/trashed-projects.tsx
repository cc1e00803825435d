import { useChangeProject, useTrashedProjects } from "../../api/projects";
import { problemOf } from "../../api/request";
import { Button } from "../../components/button";
import { ProblemNote } from "../../components/problem-note";
import { dateAndTime } from "../../format/times";
import styles from "./trashed-projects.module.css";

export function TrashedProjects() {
  const { data, error } = useTrashedProjects();
  const change = useChangeProject();
  const failed = error ?? change.error;
  return (
    <div className={styles.trash}>
      {failed && <ProblemNote problem={problemOf(failed)} />}
      {data?.length === 0 && <p className={styles.none}>There is no project in the trash.</p>}
      <ul>
        {data?.map(({ id, name, trashed_at }) => (
          <li key={id} className={styles.row}>
            <div className={styles.words}>
              <p className={styles.name}>{name}</p>
              {trashed_at && <p className={styles.when}>{dateAndTime(trashed_at)}</p>}
            </div>
            <Button
              aria-label={`Restore ${name}`}
              disabled={change.isPending}
              onClick={() => change.mutate({ id, trashed: false })}
            >
              Restore
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
