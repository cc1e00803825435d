import { useImportFiles } from "../../api/assets";
import { problemOf } from "../../api/request";
import { useAnnounce } from "../../components/announcer";
import { FileButton } from "../../components/file-button";
import { sentences } from "../../format/words";
import styles from "./import-button.module.css";

export function ImportButton({ projectId }: { projectId: string }) {
  const announce = useAnnounce();
  const upload = useImportFiles(projectId);
  const bring = (files: readonly File[]) =>
    upload.mutate(files, {
      onSuccess: (assets) => announce(`Imported ${assets.map(({ name }) => name).join(", ")}.`),
    });
  return (
    <div className={styles.import}>
      {upload.error && <p className={styles.problem}>{sentences(problemOf(upload.error))}</p>}
      <FileButton
        label={upload.isPending ? `Importing ${upload.variables.length}…` : "Import files"}
        accept="video/*,image/*,audio/*"
        isMultiple
        isDisabled={upload.isPending}
        onFiles={bring}
      />
    </div>
  );
}
