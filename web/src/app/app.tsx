import { useModels } from "../api/models";
import { useProjects } from "../api/projects";
import { problemOf } from "../api/request";
import { useEvents } from "../api/use-events";
import { ProblemNote } from "../components/problem-note";
import { useRemembered } from "../components/use-remembered";
import { ProjectSwitcher } from "../features/projects/project-switcher";
import styles from "./app.module.css";
import { ConnectionBar } from "./connection-bar";
import { FirstProject } from "./first-project";
import { Studio } from "./studio";

const readId = (kept: unknown): string | null => (typeof kept === "string" ? kept : null);

/** The page: which project is open, and whether the studio is there. */
export function App() {
  const connection = useEvents();
  const models = useModels();
  const projects = useProjects();
  const [remembered, setRemembered] = useRemembered("project", readId);
  const list = projects.data ?? [];
  const open = list.find(({ id }) => id === remembered) ?? list[0];
  const error = projects.error ?? models.error;
  return (
    <div className={styles.app}>
      <header className={styles.top}>
        <div className={styles.bar}>
          <h1 className={styles.brand}>Rushes</h1>
          <ProjectSwitcher projects={list} chosen={open?.id ?? null} onChoose={setRemembered} />
        </div>
        <ConnectionBar connection={connection} />
      </header>
      <main className={styles.main}>
        {error && <ProblemNote problem={problemOf(error)} />}
        {open && models.data && <Studio key={open.id} projectId={open.id} models={models.data} />}
        {projects.data && !open && <FirstProject onCreated={({ id }) => setRemembered(id)} />}
      </main>
    </div>
  );
}
