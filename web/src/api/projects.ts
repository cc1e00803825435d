import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post } from "./request";
import type { Project, ProjectList } from "./shapes";

export const projectsKey = ["projects"];

export function useProjects() {
  return useQuery({
    queryKey: projectsKey,
    queryFn: ({ signal }) => get<ProjectList>("/api/projects", signal),
    select: (list) => list.items.filter((project) => project.trashed_at === null),
  });
}

export function useCreateProject() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => post<Project>("/api/projects", { name }),
    onSuccess: (project) =>
      client.setQueryData<ProjectList>(projectsKey, (list) => withProject(list, project)),
  });
}

export function withProject(list: ProjectList | undefined, project: Project): ProjectList {
  const items = list?.items ?? [];
  if (!items.some(({ id }) => id === project.id)) return { items: [...items, project] };
  return { items: items.map((item) => (item.id === project.id ? project : item)) };
}
