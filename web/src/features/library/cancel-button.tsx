import { useCancelGeneration } from "../../api/generations";
import { problemOf } from "../../api/request";
import type { CancelResult } from "../../api/shapes";
import { useAnnounce } from "../../components/announcer";
import { Button } from "../../components/button";
import { sentences } from "../../format/words";
import styles from "./cancel-button.module.css";

const OUTCOMES: Record<CancelResult["outcome"], string> = {
  cancelled: "Cancelled.",
  requested: "The provider has been asked to cancel it.",
  too_late: "It was too late to cancel: it goes on.",
  unknown: "Whether it was cancelled is not known yet.",
};

export function CancelButton({ id }: { id: string }) {
  const announce = useAnnounce();
  const cancel = useCancelGeneration();
  const said = cancel.error
    ? sentences(problemOf(cancel.error))
    : cancel.data && OUTCOMES[cancel.data];
  return (
    <div className={styles.cancel}>
      {said && <span className={styles.said}>{said}</span>}
      <Button
        look="quiet"
        className={styles.button}
        disabled={cancel.isPending}
        onClick={() => cancel.mutate(id, { onSuccess: (outcome) => announce(OUTCOMES[outcome]) })}
      >
        Cancel
      </Button>
    </div>
  );
}
