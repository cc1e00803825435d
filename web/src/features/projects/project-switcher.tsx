import { useState } from "react";
import { useProjects } from "../../api/projects";
import type { Project } from "../../api/shapes";
import { Button } from "../../components/button";
import { Modal } from "../../components/modal";
import { Picker } from "../../components/picker";
import { NewProjectForm } from "./new-project-form";
import styles from "./project-switcher.module.css";

interface Props {
  projects: readonly Project[];
  chosen: string | null;
  onChoose: (projectId: string) => void;
}

export function ProjectSwitcher({ projects, chosen, onChoose }: Props) {
  const { refetch } = useProjects();
  const [isCreating, setCreating] = useState(false);
  return (
    <div className={styles.switcher}>
      <div className={styles.picker}>
        <Picker
          label="Project"
          isLabelHidden
          value={chosen}
          placeholder="No project"
          onChange={onChoose}
          onOpen={() => void refetch()} // how many items each has now
          options={projects.map(({ id, name, assets }) => ({
            value: id,
            title: name,
            body: `${assets.toLocaleString()} ${assets === 1 ? "item" : "items"}`,
          }))}
        />
      </div>
      <Button look="quiet" className={styles.new} onClick={() => setCreating(true)}>
        New project
      </Button>
      <Modal title="New project" isOpen={isCreating} onClose={() => setCreating(false)}>
        <NewProjectForm
          onCreated={(project) => {
            setCreating(false);
            onChoose(project.id);
          }}
        />
      </Modal>
    </div>
  );
}
