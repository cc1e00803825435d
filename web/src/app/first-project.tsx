import { openProject } from "../address/open-project";
import { NewProjectForm } from "../features/projects/new-project-form";
import styles from "./first-project.module.css";

export function FirstProject() {
  return (
    <main className={styles.main} id="main" tabIndex={-1}>
      <section className={styles.first} aria-labelledby="first-title">
        <h1 id="first-title">Start with a project</h1>
        <p>
          A project holds what you generate and import. Its files are kept in a folder of that name.
        </p>
        <NewProjectForm onCreated={({ id }) => openProject(id)} />
      </section>
    </main>
  );
}
