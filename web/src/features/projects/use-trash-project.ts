import { useChangeProject } from "../../api/projects";
import { problemOf } from "../../api/request";
import type { Project } from "../../api/shapes";
import { useToast } from "../../components/toasts";

/** Puts a project into the trash. Nothing is deleted, so nothing is asked; the page tells of it. */
export function useTrashProject() {
  const { mutate } = useChangeProject();
  const { toastProblem } = useToast();
  return (project: Project) =>
    mutate(
      { id: project.id, trashed: true },
      { onError: (error) => toastProblem(problemOf(error)) },
    );
}
