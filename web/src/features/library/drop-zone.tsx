import { useEffect, useState } from "react";
import { Icon } from "../../components/icon";
import styles from "./drop-zone.module.css";

interface Props {
  title: string;
  onFiles: (files: readonly File[]) => void;
}

/** Files dropped anywhere on the page are imported; the button does the same without dragging. */
export function DropZone({ title, onFiles }: Props) {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    let depth = 0;
    const hasFiles = ({ dataTransfer }: DragEvent) =>
      dataTransfer?.types.includes("Files") === true;
    const enter = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth += 1;
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth -= 1;
      if (depth <= 0) setOver(false);
    };
    const over = (event: DragEvent) => {
      if (hasFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      depth = 0;
      setOver(false);
      // Where a field took it, or something else was dragged, it is none of ours.
      if (event.defaultPrevented || !hasFiles(event)) return;
      event.preventDefault();
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) onFiles(files);
    };
    const handlers = { dragenter: enter, dragleave: leave, dragover: over, drop };
    for (const [name, handle] of Object.entries(handlers)) {
      window.addEventListener(name, handle as EventListener);
    }
    return () => {
      for (const [name, handle] of Object.entries(handlers)) {
        window.removeEventListener(name, handle as EventListener);
      }
    };
  }, [onFiles]);
  if (!isOver) return null;
  return (
    <div className={styles.zone}>
      <p>
        <Icon name="add" />
        <span>
          Drop to import into <bdi>{title}</bdi>
        </span>
      </p>
    </div>
  );
}
