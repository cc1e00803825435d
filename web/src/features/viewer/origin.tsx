import { useCard } from "../../api/library";
import { useProjects } from "../../api/projects";
import type { Asset } from "../../api/shapes";
import type { Card } from "../../cards/card";
import { dateAndTime } from "../../format/times";
import { shortened } from "../../format/words";
import { CopyButton } from "./copy-button";
import styles from "./origin.module.css";
import { Pairs } from "./pairs";
import section from "./section.module.css";

interface Props {
  card: Card;
  onOpen: (cardId: string) => void;
}

/** Where it comes from: enough to find it again at the provider, and to prove which file it is. */
export function Origin({ card: { asset, generation, createdAt }, onOpen }: Props) {
  const { sha256, url } = asset?.media ?? { sha256: null, url: null };
  const projectId = generation?.project_id ?? asset?.project_id;
  const project = useProjects().data?.find(({ id }) => id === projectId);
  const requestId = generation?.request_id ?? null;
  return (
    <section className={section.section}>
      <h3>Where it comes from</h3>
      <Pairs
        pairs={[
          ["Project", project?.name ?? null],
          [generation ? "Asked" : "Added", dateAndTime(createdAt)],
          ["Made from", imageOf(generation?.image, onOpen)],
          ["Ends on", imageOf(generation?.end_image, onOpen)],
          ["Imported as", asset?.origin.type === "imported" ? asset.origin.file_name : null],
          ["Taken from", asset ? frameOf(asset, onOpen) : null],
          ["Request", requestId && <Copied text={requestId} label="Copy the request id" />],
          ["Address", url && <Copied text={url} label="Copy the address" />],
          ["SHA-256", sha256 && <Copied text={sha256} label="Copy the hash" />],
        ]}
      />
    </section>
  );
}

function Copied({ text, label }: { text: string; label: string }) {
  return (
    <span className={styles.copied}>
      <code>{text}</code>
      <CopyButton label={label} text={text} />
    </span>
  );
}

function imageOf(id: string | null | undefined, onOpen: (cardId: string) => void) {
  return id ? <Link id={id} onOpen={onOpen} /> : null;
}

function frameOf({ origin }: Asset, onOpen: (cardId: string) => void) {
  if (origin.type !== "frame") return null;
  return (
    <>
      Frame {origin.number} of <Link id={origin.asset_id} onOpen={onOpen} />
    </>
  );
}

/** Opens the card of another asset, by its name. */
function Link({ id, onOpen }: { id: string; onOpen: (cardId: string) => void }) {
  const { card, error } = useCard(id);
  if (error && !card) return "what has been deleted";
  return (
    <button type="button" className={styles.link} onClick={() => onOpen(card?.id ?? id)}>
      {card ? shortened(card.name, 60) : "…"}
    </button>
  );
}
