import { useState } from "react";
import { openProject } from "../../address/open-project";
import type { Project } from "../../api/shapes";
import { IconButton } from "../../components/icon-button";
import { Menu, type MenuItem } from "../../components/menu";
import { Modal } from "../../components/modal";
import { NewProjectForm } from "./new-project-form";
import { ProjectForm } from "./project-form";
import { TrashedProjects } from "./trashed-projects";
import { useTrashProject } from "./use-trash-project";

type Asked = "new" | "change" | "trash" | null;

export function ProjectMenu({ open }: { open: Project | undefined }) {
  const [asked, setAsked] = useState<Asked>(null);
  const trash = useTrashProject();
  const close = () => setAsked(null);
  const ofThisOne: MenuItem[] = open
    ? [
        { label: "Name and settings…", icon: "pencil", onChoose: () => setAsked("change") },
        { label: "Move to the trash", icon: "trash", onChoose: () => trash(open) },
      ]
    : [];
  return (
    <>
      <Menu
        trigger={<IconButton icon="more" label="Project" />}
        groups={[
          [{ label: "New project…", icon: "add", onChoose: () => setAsked("new") }],
          ofThisOne,
          [{ label: "Projects in the trash…", icon: "undo", onChoose: () => setAsked("trash") }],
        ]}
      />
      <Modal title="New project" isOpen={asked === "new"} onClose={close}>
        <NewProjectForm
          onCreated={(project) => {
            close();
            openProject(project.id);
          }}
        />
      </Modal>
      <Modal title="Name and settings" isOpen={asked === "change" && !!open} onClose={close}>
        {open && <ProjectForm project={open} onDone={close} />}
      </Modal>
      <Modal title="Projects in the trash" isOpen={asked === "trash"} onClose={close}>
        <TrashedProjects />
      </Modal>
    </>
  );
}
