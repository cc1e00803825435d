import { type DragEvent, useState } from "react";
import { posterAddress } from "../../api/assets";
import { useImage } from "../../api/images";
import type { Problem } from "../../api/shapes";
import { Button } from "../../components/button";
import { FileButton } from "../../components/file-button";
import { Icon } from "../../components/icon";
import { ProblemNote } from "../../components/problem-note";
import field from "./field.module.css";
import styles from "./image-field.module.css";
import { ImagePicker } from "./image-picker";
import { IMAGE_TYPES, useBringImage } from "./use-bring-image";

interface Props {
  projectId: string;
  label: string;
  chosen: string | null;
  /** Whether an image that is pasted anywhere in the form comes here. */
  isPastedTo?: boolean;
  problem: Problem | null;
  onChoose: (assetId: string | null) => void;
}

/** An image to start (or end) from: one of the project's, or one that is brought in now. */
export function ImageField({ projectId, label, chosen, isPastedTo = false, ...props }: Props) {
  const { problem, onChoose } = props;
  const [isPicking, setPicking] = useState(false);
  const [isOver, setOver] = useState(false);
  const { bring, isPending, problem: refused } = useBringImage(projectId, onChoose);
  const over = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault(); // or the browser would open the file in place of the page
    setOver(event.type === "dragover");
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void bring(event.dataTransfer.files);
  };
  return (
    <fieldset
      className={field.field}
      onDragOver={over}
      onDragLeave={over}
      onDrop={drop}
      data-over={isOver || undefined}
    >
      <legend className={field.label}>{label}</legend>
      {chosen === null ? (
        <div className={styles.empty}>
          <div className={styles.actions}>
            <Button look="quiet" onClick={() => setPicking(true)}>
              <Icon name="image" /> Choose from the project
            </Button>
            <FileButton
              label={isPending ? "Uploading…" : "Upload"}
              accept={IMAGE_TYPES}
              isDisabled={isPending}
              onFiles={bring}
            />
          </div>
          <p className={field.hint}>
            {isPastedTo ? "Or drop one here, or paste it." : "Or drop one here."}
          </p>
        </div>
      ) : (
        <Chosen id={chosen} onChange={() => setPicking(true)} onRemove={() => onChoose(null)} />
      )}
      {(problem ?? refused) && <ProblemNote problem={(problem ?? refused) as Problem} />}
      <ImagePicker
        projectId={projectId}
        isOpen={isPicking}
        onClose={() => setPicking(false)}
        onChoose={(id) => {
          onChoose(id);
          setPicking(false);
        }}
      />
    </fieldset>
  );
}

interface ChosenProps {
  id: string;
  onChange: () => void;
  onRemove: () => void;
}

function Chosen({ id, onChange, onRemove }: ChosenProps) {
  const asset = useImage(id);
  return (
    <div className={styles.chosen}>
      <img className={styles.thumbnail} src={posterAddress(id)} alt="" />
      <span className={styles.name} dir="auto">
        {asset?.name ?? "An image of this project"}
      </span>
      <Button look="quiet" onClick={onChange}>
        Change
      </Button>
      <Button look="quiet" onClick={onRemove}>
        Remove
      </Button>
    </div>
  );
}
