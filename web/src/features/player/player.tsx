import { useRef } from "react";
import type { Model } from "../../api/shapes";
import type { Card } from "../../cards/card";
import { stageOf } from "../../cards/stage";
import { Modal } from "../../components/modal";
import { Facts } from "./facts";
import { FilePath } from "./file-path";
import { Order } from "./order";
import { Picture } from "./picture";
import styles from "./player.module.css";
import { Steps } from "./steps";

interface Props {
  card: Card | null;
  models: readonly Model[];
  onClose: () => void;
}

/** One card large: it plays, and everything that is known of it stands beside. */
export function Player({ card, models, onClose }: Props) {
  const shown = useRef(card);
  const video = useRef<HTMLVideoElement>(null);
  // While it fades out, the dialog keeps what it showed.
  if (card) shown.current = card;
  const kept = shown.current;
  return (
    <Modal
      title={kept?.name ?? ""}
      isOpen={card !== null}
      onClose={onClose}
      size="large"
      initialFocus={() => video.current ?? true}
    >
      {kept && (
        <div className={styles.player}>
          <div className={styles.column}>
            <Picture card={kept} stage={stageOf(kept)} video={video} />
            {kept.generation && <Order generation={kept.generation} models={models} />}
          </div>
          <div className={styles.column}>
            {kept.asset && <Facts asset={kept.asset} />}
            {kept.asset?.media.path && <FilePath path={kept.asset.media.path} />}
            {kept.generation && <Steps steps={kept.generation.steps} />}
          </div>
        </div>
      )}
    </Modal>
  );
}
