import { useEffect } from "react";
import { useAddress } from "../address/use-address";
import { useProjects } from "../api/projects";
import { useRemembered } from "../components/use-remembered";

const readId = (kept: unknown): string | null => (typeof kept === "string" ? kept : null);

/** The open project: the address says which; without it, the last one that was open here. */
export function useOpenProject() {
  const { data: projects, error } = useProjects();
  const { address } = useAddress();
  const [remembered, remember] = useRemembered("project", readId);
  const byId = (id: string | null) => projects?.find((project) => project.id === id);
  const open = byId(address.project) ?? byId(remembered) ?? projects?.[0];
  const openId = open?.id;
  useEffect(() => {
    if (openId !== undefined) remember(openId);
  }, [openId, remember]);
  return { projects, open, isEverywhere: address.everywhere, error };
}
