import { useFacets } from "../../api/library";
import { type Attempt, useRecoverAll } from "../../api/recovery";
import { problemOf } from "../../api/request";
import type { ItemState } from "../../api/shapes";
import { Button } from "../../components/button";
import { Icon, type IconName } from "../../components/icon";
import { useToast } from "../../components/toasts";
import { outcomeOf } from "../../format/outcome";
import styles from "./banners.module.css";

/** What is not here yet, all of it, with one button to bring it. */
export function Banners({ projectId }: { projectId: string | null }) {
  const states = useFacets(projectId).data?.states ?? [];
  const count = (state: ItemState) => states.find(({ name }) => name === state)?.count ?? 0;
  if (count("unsaved") + count("url_only") === 0) return null;
  return (
    <div className={styles.banners}>
      <Banner
        projectId={projectId}
        attempt="retry"
        icon="unsaved"
        count={count("unsaved")}
        said="unsaved."
        act="Retry all"
      />
      <Banner
        projectId={projectId}
        attempt="download"
        icon="link"
        count={count("url_only")}
        said="at the provider only."
        act="Download all"
      />
    </div>
  );
}

interface Props {
  projectId: string | null;
  attempt: Attempt;
  icon: IconName;
  count: number;
  said: string;
  act: string;
}

function Banner({ projectId, attempt, icon, count, said, act }: Props) {
  const { toast, toastProblem } = useToast();
  const recover = useRecoverAll();
  if (count === 0) return null;
  const bring = () =>
    recover.mutate(
      { projectId, attempt },
      {
        onSuccess: (results) => toast(outcomeOf(results)),
        onError: (error) => toastProblem(problemOf(error)),
      },
    );
  return (
    <section className={styles.banner} aria-label={`${count} ${said}`}>
      <Icon name={icon} />
      <p>
        {count.toLocaleString()} {said}
      </p>
      <Button disabled={recover.isPending} onClick={bring}>
        {recover.isPending ? "Trying…" : act}
      </Button>
    </section>
  );
}
