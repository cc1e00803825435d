import { useRef, useState } from "react";
import { EVERYTHING } from "../../address/address";
import { changeAddress } from "../../address/use-address";
import { useDismiss, useNotices, usePastNotices } from "../../api/notices";
import { useProjects } from "../../api/projects";
import { problemOf } from "../../api/request";
import type { Notice } from "../../api/shapes";
import { Button } from "../../components/button";
import { IconButton } from "../../components/icon-button";
import { Popover } from "../../components/popover";
import { ProblemNote } from "../../components/problem-note";
import styles from "./bell.module.css";
import { NoticeRow } from "./notice-row";
import { useAct } from "./use-act";

/** Everything that needs the person, and what did before: nothing lives only in a toast. */
export function Bell() {
  const notices = useNotices();
  const open = notices.data ?? [];
  const count = open.length;
  const [isShown, setShown] = useState(false);
  const askDoctor = () => {
    setShown(false);
    changeAddress({ doctor: EVERYTHING });
  };
  return (
    <div className={styles.bell}>
      <Popover
        title="Notices"
        isOpen={isShown}
        onOpenChange={setShown}
        trigger={
          <IconButton icon="bell" label={count === 0 ? "Notices" : `Notices, ${count} open`} />
        }
      >
        <Notices open={open} error={notices.error} onAskDoctor={askDoctor} />
      </Popover>
      {count > 0 && (
        <span className={styles.count} aria-hidden="true">
          {count > 99 ? "99+" : count}
        </span>
      )}
    </div>
  );
}

interface Props {
  open: readonly Notice[];
  error: Error | null;
  onAskDoctor: () => void;
}

function Notices({ open, error, onAskDoctor }: Props) {
  const [isPastShown, setPastShown] = useState(false);
  const past = usePastNotices(isPastShown);
  const dismiss = useDismiss();
  const panel = useRef<HTMLDivElement>(null);
  const failed = error ?? past.error ?? dismiss.error;
  const take = (ids: readonly string[] | null) => {
    panel.current?.focus(); // the button that was pressed goes away
    dismiss.mutate(ids);
  };
  return (
    <div className={styles.notices} ref={panel} tabIndex={-1}>
      {failed && <ProblemNote problem={problemOf(failed)} />}
      {open.length === 0 && !error && <p className={styles.none}>Nothing needs you.</p>}
      <List notices={open} onDismiss={(id) => take([id])} />
      <div className={styles.foot}>
        <Button look="quiet" aria-expanded={isPastShown} onClick={() => setPastShown(!isPastShown)}>
          {isPastShown ? "Hide past notices" : "Show past notices"}
        </Button>
        <Button look="quiet" onClick={onAskDoctor}>
          Ask the doctor
        </Button>
        {open.length > 1 && (
          <Button look="quiet" onClick={() => take(null)}>
            Dismiss all
          </Button>
        )}
      </div>
      {isPastShown && past.data?.length === 0 && (
        <p className={styles.none}>There are no past notices.</p>
      )}
      {isPastShown && past.data && <List notices={past.data} onDismiss={(id) => take([id])} />}
    </div>
  );
}

interface ListProps {
  notices: readonly Notice[];
  onDismiss: (id: string) => void;
}

function List({ notices, onDismiss }: ListProps) {
  const projects = useProjects().data ?? [];
  const { actionOf, isActing } = useAct();
  return (
    <ul>
      {notices.map((notice) => (
        <NoticeRow
          key={notice.id}
          notice={notice}
          project={projects.find(({ id }) => id === notice.project_id)}
          action={actionOf(notice)}
          isActing={isActing}
          onDismiss={() => onDismiss(notice.id)}
        />
      ))}
    </ul>
  );
}
