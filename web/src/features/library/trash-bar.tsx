import { useState } from "react";
import { useAddress } from "../../address/use-address";
import { useTrashContents } from "../../api/library";
import { useEmptyTrash } from "../../api/recovery";
import { problemOf } from "../../api/request";
import { Button } from "../../components/button";
import { Icon } from "../../components/icon";
import { Modal } from "../../components/modal";
import { ProblemNote } from "../../components/problem-note";
import { useToast } from "../../components/toasts";
import { bytes } from "../../format/units";
import { counted } from "../../format/words";
import styles from "./trash-bar.module.css";

/** Over the trash: the way back, and the way to be rid of it. */
export function TrashBar({ isEmpty }: { isEmpty: boolean }) {
  const { change } = useAddress();
  const [isAsking, setAsking] = useState(false);
  return (
    <header className={styles.bar}>
      <Button look="quiet" onClick={() => change({ trashed: false, card: null })}>
        <Icon name="previous" />
        Back to the library
      </Button>
      <h2>Trash</h2>
      <Button disabled={isEmpty} onClick={() => setAsking(true)}>
        Empty the trash…
      </Button>
      <Modal title="Empty the trash?" isOpen={isAsking} onClose={() => setAsking(false)}>
        {isAsking && <Question onDone={() => setAsking(false)} />}
      </Modal>
    </header>
  );
}

function Question({ onDone }: { onDone: () => void }) {
  const { toast } = useToast();
  const contents = useTrashContents();
  const emptying = useEmptyTrash();
  const empty = () =>
    emptying.mutate(undefined, {
      onSuccess: ({ removed, freed, kept }) => {
        const first = kept[0]?.problem;
        toast({
          title: `Deleted ${counted(removed, "item")}. Freed ${bytes(freed)}.`,
          ...(first
            ? { detail: `${counted(kept.length, "item")} stayed. ${first.title} ${first.detail}` }
            : {}),
          level: first ? "warning" : "success",
        });
        onDone();
      },
    });
  const { data } = contents;
  return (
    <div className={styles.question}>
      {data && (
        <p>
          {counted(data.total, "item")} in the trash of all projects{" "}
          {data.total === 1 ? "is" : "are"} deleted with{" "}
          {data.total === 1 ? "its file" : "their files"}, for good. This frees{" "}
          {data.isAll ? "" : "at least "}
          {bytes(data.size)}. What was bought stays on record.
        </p>
      )}
      {contents.error && <ProblemNote problem={problemOf(contents.error)} />}
      {emptying.error && <ProblemNote problem={problemOf(emptying.error)} />}
      <div className={styles.buttons}>
        <Button onClick={onDone}>Keep everything</Button>
        <Button look="primary" disabled={!data || emptying.isPending} onClick={empty}>
          {emptying.isPending ? "Deleting…" : "Delete for good"}
        </Button>
      </div>
    </div>
  );
}
