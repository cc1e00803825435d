import { useState } from "react";
import { useAnnounce } from "../../components/announcer";
import { Button } from "../../components/button";
import styles from "./file-path.module.css";
import section from "./section.module.css";

/** Where the file is, relative to the library folder. */
export function FilePath({ path }: { path: string }) {
  const announce = useAnnounce();
  const [outcome, setOutcome] = useState<string | null>(null);
  const copy = async () => {
    const said = await navigator.clipboard.writeText(path).then(
      () => "Copied",
      () => "The browser did not allow copying", // the text can still be selected
    );
    setOutcome(said);
    announce(said);
  };
  return (
    <section className={section.section}>
      <h3>File in the library folder</h3>
      <div className={styles.row}>
        <code className={styles.path}>{path}</code>
        <Button look="quiet" className={styles.copy} onClick={copy} aria-label="Copy path">
          {outcome ?? "Copy"}
        </Button>
      </div>
    </section>
  );
}
