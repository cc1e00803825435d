import { problemOf } from "../../api/request";
import { useAssetFile, useReveal } from "../../api/review";
import type { Asset } from "../../api/shapes";
import { IconButton } from "../../components/icon-button";
import { useToast } from "../../components/toasts";
import { CopyButton } from "./copy-button";
import styles from "./file.module.css";
import section from "./section.module.css";

/** Where its file lies on the studio's machine. */
export function File({ asset }: { asset: Asset }) {
  const { data: file } = useAssetFile(asset);
  const reveal = useReveal();
  const { toastProblem } = useToast();
  if (!file) return null;
  const show = () =>
    reveal.mutate(asset.id, { onError: (error) => toastProblem(problemOf(error)) });
  return (
    <section className={section.section}>
      <div className={section.head}>
        <h3>{file.is_there ? "File" : "Where its file was"}</h3>
        <span>
          <CopyButton label="Copy the path" text={file.path} />
          <IconButton
            icon="folder"
            label="Show in the file manager"
            disabled={reveal.isPending}
            onClick={show}
          />
        </span>
      </div>
      <code className={styles.path}>{file.path}</code>
    </section>
  );
}
