import type { ReactNode } from "react";
import type { Project } from "../api/shapes";
import { IconButton } from "../components/icon-button";
import { Bell } from "../features/notices/bell";
import { ProjectSwitcher } from "../features/projects/project-switcher";

const ICON = "/icons/icon.svg";

import styles from "./top-bar.module.css";

interface Props {
  projects: readonly Project[];
  open: Project | undefined;
  isEverywhere: boolean;
  /** The search field. */
  search?: ReactNode;
  onShowSettings: () => void;
  onShowShortcuts: () => void;
}

export function TopBar({ search, onShowSettings, onShowShortcuts, ...project }: Props) {
  return (
    <header className={styles.bar}>
      <p className={styles.brand}>
        <img className={styles.mark} src={ICON} alt="" />
        <span className={styles.name}>Rushes</span>
      </p>
      <ProjectSwitcher {...project} />
      <div className={styles.search}>{search}</div>
      <div className={styles.tools}>
        <Bell />
        <IconButton
          icon="keyboard"
          label="Keyboard shortcuts"
          command="help.show"
          className={styles.keyboard}
          onClick={onShowShortcuts}
        />
        <IconButton icon="settings" label="Settings" onClick={onShowSettings} />
      </div>
    </header>
  );
}
