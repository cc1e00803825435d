import { useEffect, useRef } from "react";
import { openProject } from "../../address/open-project";
import { useChangeProject } from "../../api/projects";
import { problemOf } from "../../api/request";
import type { Project } from "../../api/shapes";
import { useToast } from "../../components/toasts";

/** Says when the open project has gone into the trash, here or elsewhere, and offers it back. */
export function useProjectsGone(projects: readonly Project[] | undefined, openId: string | null) {
  const { toast, toastProblem } = useToast();
  const { mutate } = useChangeProject();
  const open = useRef<Project | null>(null);
  useEffect(() => {
    if (projects === undefined) return;
    const gone = open.current;
    open.current = projects.find(({ id }) => id === openId) ?? null;
    if (gone === null || projects.some(({ id }) => id === gone.id)) return;
    const restore = () =>
      mutate(
        { id: gone.id, trashed: false },
        {
          onSuccess: ({ id }) => openProject(id),
          onError: (error) => toastProblem(problemOf(error)),
        },
      );
    toast({
      title: `${gone.name} is in the trash.`,
      detail: "Its files stay where they are.",
      level: "info",
      duration: 10_000,
      action: { label: "Restore", run: restore },
    });
  }, [projects, openId, toast, toastProblem, mutate]);
}
