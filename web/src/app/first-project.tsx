import type { Project } from "../api/shapes";
import { NewProjectForm } from "../features/projects/new-project-form";
import styles from "./first-project.module.css";

export function FirstProject({ onCreated }: { onCreated: (project: Project) => void }) {
  return (
    <section className={styles.first} aria-labelledby="first-title">
      <h2 id="first-title">Start with a project</h2>
      <p>
        A project holds what you generate and import. Its files are kept in a folder of that name.
      </p>
      <NewProjectForm onCreated={onCreated} />
    </section>
  );
}
