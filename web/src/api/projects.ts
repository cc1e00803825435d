import type { QueryClient } from "@tanstack/react-query";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { outrun } from "./live";
import { get, patch, post } from "./request";
import type { Project, ProjectChange, ProjectList } from "./shapes";

const key = ["projects"];
const trashKey = ["projects-in-trash"];

/** Characters of a project's name, as the studio takes them. */
export const NAME_LIMIT = 120;

export function useProjects() {
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) => get<ProjectList>("/api/projects", signal),
    select: (list) => list.items.filter((project) => project.trashed_at === null),
  });
}

export function useTrashedProjects() {
  return useQuery({
    queryKey: trashKey,
    queryFn: ({ signal }) => get<ProjectList>("/api/projects?trashed=true", signal),
    select: (list) => list.items,
  });
}

export function useCreateProject() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => post<Project>("/api/projects", { name }),
    onSuccess: (project) => hearProject(client, project),
  });
}

export function useChangeProject() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...change }: ProjectChange & { id: string }) =>
      patch<Project>(`/api/projects/${encodeURIComponent(id)}`, change),
    onSuccess: (project) => hearProject(client, project),
  });
}

/** A project as it is now, from an answer or an event. */
export function hearProject(client: QueryClient, project: Project): void {
  client.setQueryData<ProjectList>(key, (list) => list && withProject(list, project));
  outrun(client, key);
  void client.invalidateQueries({ queryKey: trashKey });
}

function withProject({ items }: ProjectList, project: Project): ProjectList {
  if (!items.some(({ id }) => id === project.id)) return { items: [...items, project] };
  return { items: items.map((item) => (item.id === project.id ? project : item)) };
}
