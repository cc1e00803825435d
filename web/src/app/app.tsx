import { useState } from "react";
import { EVERYTHING } from "../address/address";
import { useAddress } from "../address/use-address";
import { useModels } from "../api/models";
import { problemOf } from "../api/request";
import { useEvents } from "../api/use-events";
import { ProblemNote } from "../components/problem-note";
import { Doctor } from "../features/doctor/doctor";
import { SearchField } from "../features/library/search-field";
import { useNoticeToasts } from "../features/notices/use-notice-toasts";
import { useProjectsGone } from "../features/projects/use-projects-gone";
import { SettingsDialog } from "../features/settings/settings-dialog";
import { ShortcutsDialog } from "../features/shortcuts/shortcuts-dialog";
import { useNotesSentAgain } from "../review/use-keep-notes";
import { useShortcuts } from "../shortcuts/use-shortcuts";
import styles from "./app.module.css";
import { ConnectionBar } from "./connection-bar";
import { FirstProject } from "./first-project";
import { Studio } from "./studio";
import { TopBar } from "./top-bar";
import { useOpenProject } from "./use-open-project";
import { useTitle } from "./use-title";

/** The page: which project is open, and whether the studio is there. */
export function App() {
  const connection = useEvents();
  const models = useModels();
  const { projects, open, isEverywhere, error: projectsError } = useOpenProject();
  const [dialog, setDialog] = useState<"settings" | "shortcuts" | null>(null);
  const close = () => setDialog(null);
  const error = projectsError ?? models.error;
  useNoticeToasts();
  useNotesSentAgain(connection);
  useProjectsGone(projects, open?.id ?? null);
  const title = isEverywhere ? "All projects" : open?.name;
  useTitle(title);
  const { address, change } = useAddress();
  const askDoctor = () => {
    close();
    change({ doctor: EVERYTHING });
  };
  useShortcuts({ "help.show": () => setDialog("shortcuts"), "doctor.show": askDoctor });
  return (
    <div className={styles.app}>
      <a className={styles.skip} href="#main">
        Skip to the library
      </a>
      <ConnectionBar connection={connection} />
      <div className={styles.top}>
        <TopBar
          projects={projects ?? []}
          open={open}
          isEverywhere={isEverywhere}
          search={open && <SearchField />}
          onShowSettings={() => setDialog("settings")}
          onShowShortcuts={() => setDialog("shortcuts")}
        />
      </div>
      {error && connection !== "lost" && connection !== "locked" && (
        <section className={styles.trouble} aria-label="Trouble">
          <ProblemNote problem={problemOf(error)} />
        </section>
      )}
      {open && title && models.data && (
        <Studio key={open.id} title={title} project={open} models={models.data} />
      )}
      {projects && !open && <FirstProject />}
      <SettingsDialog
        isOpen={dialog === "settings"}
        onClose={close}
        onShowShortcuts={() => setDialog("shortcuts")}
        onAskDoctor={askDoctor}
      />
      <ShortcutsDialog isOpen={dialog === "shortcuts"} onClose={close} onAskDoctor={askDoctor} />
      <Doctor
        asked={address.doctor}
        onAsk={(doctor) => change({ doctor })}
        onOpen={(card) => change({ doctor: null, compare: [], card })}
        onClose={() => change({ doctor: null })}
      />
    </div>
  );
}
