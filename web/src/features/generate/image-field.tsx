import { useState } from "react";
import { posterAddress, useAssets } from "../../api/assets";
import type { Problem } from "../../api/shapes";
import { Button } from "../../components/button";
import { ProblemNote } from "../../components/problem-note";
import field from "./field.module.css";
import styles from "./image-field.module.css";
import { ImagePicker } from "./image-picker";

interface Props {
  projectId: string;
  label: string;
  chosen: string | null;
  problem: Problem | null;
  onChoose: (assetId: string | null) => void;
}

/** An image to start (or end) from: one of the project's, or one brought in now. */
export function ImageField({ projectId, label, chosen, problem, onChoose }: Props) {
  const [isPicking, setPicking] = useState(false);
  const { items } = useAssets(projectId);
  const asset = items.find(({ id }) => id === chosen);
  return (
    <div className={field.field}>
      {chosen === null ? (
        <button type="button" className={styles.add} onClick={() => setPicking(true)}>
          Add {label.toLowerCase()}
        </button>
      ) : (
        <fieldset className={styles.chosen}>
          <legend className="visually-hidden">{label}</legend>
          <img className={styles.thumbnail} src={posterAddress(chosen)} alt="" />
          <span className={styles.name}>
            <span className={styles.label}>{label}</span>
            {asset?.name ?? "An image of this project"}
          </span>
          <Button look="quiet" onClick={() => setPicking(true)}>
            Change
          </Button>
          <Button look="quiet" onClick={() => onChoose(null)}>
            Remove
          </Button>
        </fieldset>
      )}
      {problem && <ProblemNote problem={problem} />}
      <ImagePicker
        projectId={projectId}
        isOpen={isPicking}
        onClose={() => setPicking(false)}
        onChoose={(id) => {
          onChoose(id);
          setPicking(false);
        }}
      />
    </div>
  );
}
