import { type FormEvent, useId, useState } from "react";
import { NAME_LIMIT, useCreateProject } from "../../api/projects";
import { problemOf } from "../../api/request";
import type { Project } from "../../api/shapes";
import { Button } from "../../components/button";
import { ProblemNote } from "../../components/problem-note";
import styles from "./new-project-form.module.css";

export function NewProjectForm({ onCreated }: { onCreated: (project: Project) => void }) {
  const id = useId();
  const [name, setName] = useState("");
  const create = useCreateProject();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!create.isPending) create.mutate(name.trim(), { onSuccess: onCreated });
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <label className={styles.label} htmlFor={id}>
        Project name
      </label>
      <input
        id={id}
        className={styles.input}
        value={name}
        required
        maxLength={NAME_LIMIT}
        autoComplete="off"
        onChange={(event) => setName(event.target.value)}
      />
      {create.error && <ProblemNote problem={problemOf(create.error)} />}
      <Button type="submit" look="primary" className={styles.create} disabled={create.isPending}>
        Create
      </Button>
    </form>
  );
}
