import { posterAddress, useAssets, useImportFiles } from "../../api/assets";
import { problemOf } from "../../api/request";
import { Button } from "../../components/button";
import { FileButton } from "../../components/file-button";
import { Modal } from "../../components/modal";
import { ProblemNote } from "../../components/problem-note";
import styles from "./image-picker.module.css";

interface Props {
  projectId: string;
  isOpen: boolean;
  onClose: () => void;
  onChoose: (assetId: string) => void;
}

export function ImagePicker({ projectId, isOpen, onClose, onChoose }: Props) {
  const { query, items } = useAssets(projectId);
  const upload = useImportFiles(projectId);
  const images = items.filter(({ kind, media }) => kind === "image" && media.state === "saved");
  const bring = async (files: readonly File[]) => {
    const assets = await upload.mutateAsync(files).catch(() => []); // shown below as upload.error
    const image = assets.find(({ kind }) => kind === "image");
    if (image) onChoose(image.id);
  };
  return (
    <Modal title="Choose an image" isOpen={isOpen} onClose={onClose}>
      <div className={styles.body}>
        {images.length === 0 && <p className={styles.none}>This project has no images yet.</p>}
        <ul className={styles.images}>
          {images.map((image) => (
            <li key={image.id}>
              <button type="button" className={styles.image} onClick={() => onChoose(image.id)}>
                <img src={posterAddress(image.id)} alt="" loading="lazy" />
                <span>{image.name}</span>
              </button>
            </li>
          ))}
        </ul>
        {upload.error && <ProblemNote problem={problemOf(upload.error)} />}
        <div className={styles.actions}>
          {query.hasNextPage && (
            <Button onClick={() => void query.fetchNextPage()}>Look further back</Button>
          )}
          <FileButton
            label={upload.isPending ? "Uploading…" : "Upload an image"}
            accept="image/png,image/jpeg,image/webp"
            isDisabled={upload.isPending}
            onFiles={bring}
          />
        </div>
      </div>
    </Modal>
  );
}
