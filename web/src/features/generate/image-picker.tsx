import { posterAddress } from "../../api/assets";
import { useImages } from "../../api/images";
import { Button } from "../../components/button";
import { FileButton } from "../../components/file-button";
import { Modal } from "../../components/modal";
import { ProblemNote } from "../../components/problem-note";
import styles from "./image-picker.module.css";
import { IMAGE_TYPES, useBringImage } from "./use-bring-image";

interface Props {
  projectId: string;
  isOpen: boolean;
  onClose: () => void;
  onChoose: (assetId: string) => void;
}

export function ImagePicker({ projectId, isOpen, onClose, onChoose }: Props) {
  const { query, items: images } = useImages(projectId, { isWanted: isOpen });
  const { bring, isPending, problem } = useBringImage(projectId, onChoose);
  return (
    <Modal title="Choose an image" isOpen={isOpen} onClose={onClose}>
      <div className={styles.body}>
        {query.data && images.length === 0 && (
          <p className={styles.none}>This project has no images yet.</p>
        )}
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
        {problem && <ProblemNote problem={problem} />}
        <div className={styles.actions}>
          {query.hasNextPage && (
            <Button onClick={() => void query.fetchNextPage()}>Look further back</Button>
          )}
          <FileButton
            label={isPending ? "Uploading…" : "Upload an image"}
            accept={IMAGE_TYPES}
            isDisabled={isPending}
            onFiles={bring}
          />
        </div>
      </div>
    </Modal>
  );
}
