import { useRef } from "react";
import { type Decision, useSettle } from "../api/generations";
import { problemOf } from "../api/request";
import { Button } from "../components/button";
import { Modal } from "../components/modal";
import { ProblemNote } from "../components/problem-note";
import { useToast } from "../components/toasts";
import { shortened } from "../format/words";
import type { Card } from "./card";
import { settleResult } from "./results";
import styles from "./settling.module.css";

interface Props {
  card: Card | null;
  onClose: () => void;
}

/** Two ways on from an order whose answer was lost, and what each of them means. */
export function Settling({ card, onClose }: Props) {
  const { toast } = useToast();
  const settle = useSettle();
  const shown = useRef(card);
  // While it fades out, the dialog keeps what it showed.
  if (card) shown.current = card;
  const close = () => {
    settle.reset();
    onClose();
  };
  const decide = (decision: Decision) => {
    if (!card) return;
    settle.mutate(
      { id: card.id, decision },
      {
        onSuccess: (generation) => {
          toast(settleResult(generation));
          close();
        },
      },
    );
  };
  return (
    <Modal title="Was it ordered?" isOpen={card !== null} onClose={close}>
      <div className={styles.body}>
        <p>
          “{shortened(shown.current?.name ?? "", 120)}” was sent, and no answer came back. It may
          have been bought or not. It is never sent again by itself.
        </p>
        <div className={styles.choice}>
          <div>
            <h3>Look again</h3>
            <p>
              Asks the provider whether it has the order. If it has, the clip is fetched as usual.
            </p>
          </div>
          <Button look="primary" disabled={settle.isPending} onClick={() => decide("look")}>
            Look again
          </Button>
        </div>
        <div className={styles.choice}>
          <div>
            <h3>Give up</h3>
            <p>
              Stops looking and marks it as failed. If the provider did make it, you have paid for
              it: look at your usage there first.
            </p>
          </div>
          <Button disabled={settle.isPending} onClick={() => decide("give_up")}>
            Give up
          </Button>
        </div>
        {settle.error && <ProblemNote problem={problemOf(settle.error)} />}
      </div>
    </Modal>
  );
}
