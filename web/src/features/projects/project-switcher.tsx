import { openProject } from "../../address/open-project";
import { changeAddress } from "../../address/use-address";
import { useProjects } from "../../api/projects";
import type { Project } from "../../api/shapes";
import { Picker } from "../../components/picker";
import { ProjectMenu } from "./project-menu";
import styles from "./project-switcher.module.css";

/** Not an id: ids have no spaces. */
const EVERYWHERE = "all projects";

interface Props {
  projects: readonly Project[];
  open: Project | undefined;
  isEverywhere: boolean;
}

/** Which project is shown, and what can be done with it. */
export function ProjectSwitcher({ projects, open, isEverywhere }: Props) {
  const { refetch } = useProjects();
  const options = projects.map(({ id, name, assets }) => ({
    value: id,
    title: name,
    body: `${assets.toLocaleString()} ${assets === 1 ? "item" : "items"}`,
  }));
  const all = { value: EVERYWHERE, title: "All projects", body: "Everything in this library" };
  const choose = (value: string) => {
    if (value === EVERYWHERE) changeAddress({ everywhere: true, card: null, compare: [] });
    else openProject(value);
  };
  return (
    <div className={styles.switcher}>
      <div className={styles.picker}>
        <Picker
          label="Project"
          isLabelHidden
          value={isEverywhere ? EVERYWHERE : (open?.id ?? null)}
          placeholder="No project"
          onChange={choose}
          onOpen={() => void refetch()} // how many items each has now
          options={projects.length > 1 || isEverywhere ? [...options, all] : options}
        />
      </div>
      {/* Of one that is not on the screen, nothing is changed. */}
      <ProjectMenu open={isEverywhere ? undefined : open} />
    </div>
  );
}
