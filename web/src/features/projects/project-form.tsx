import { type FormEvent, useId, useState } from "react";
import { NAME_LIMIT, useChangeProject } from "../../api/projects";
import { problemOf } from "../../api/request";
import type { Project } from "../../api/shapes";
import { Button } from "../../components/button";
import { ProblemNote } from "../../components/problem-note";
import { RadioGroup, type RadioOption } from "../../components/radio-group";
import styles from "./new-project-form.module.css";

const KEEP: RadioOption<Project["keep"]>[] = [
  { value: "files", title: "The clips themselves", body: "They are saved on this disk." },
  {
    value: "links",
    title: "Only where they are",
    body: "They stay at the provider, who may delete them, until you download them.",
  },
];

interface Props {
  project: Project;
  onDone: () => void;
}

export function ProjectForm({ project, onDone }: Props) {
  const id = useId();
  const [name, setName] = useState(project.name);
  const [keep, setKeep] = useState(project.keep);
  const change = useChangeProject();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (change.isPending) return;
    change.mutate({ id: project.id, name: name.trim(), keep }, { onSuccess: onDone });
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
      <p className={styles.hint}>
        Its files stay in <code>{project.folder}</code>.
      </p>
      <RadioGroup
        label="What is kept of coming clips"
        options={KEEP}
        value={keep}
        onChange={setKeep}
      />
      {change.error && <ProblemNote problem={problemOf(change.error)} />}
      <Button type="submit" look="primary" className={styles.create} disabled={change.isPending}>
        Save
      </Button>
    </form>
  );
}
