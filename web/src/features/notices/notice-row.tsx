import type { Notice, Project } from "../../api/shapes";
import { Button } from "../../components/button";
import { Icon, type IconName } from "../../components/icon";
import { IconButton } from "../../components/icon-button";
import type { ToastAction } from "../../components/toasts";
import { dateAndTime } from "../../format/times";
import styles from "./notice-row.module.css";

const ICONS: Record<Notice["level"], IconName> = {
  info: "info",
  success: "check",
  warning: "warning",
  error: "error",
};

interface Props {
  notice: Notice;
  project: Project | undefined;
  action: ToastAction | null;
  isActing: boolean;
  onDismiss: () => void;
}

export function NoticeRow({ notice, project, action, isActing, onDismiss }: Props) {
  const { title, detail, level, open, updated_at } = notice;
  return (
    <li className={styles.row} data-level={open ? level : "past"}>
      <span className={styles.icon}>
        <Icon name={ICONS[level]} />
      </span>
      <div className={styles.words}>
        <p className={styles.title}>{title}</p>
        <p className={styles.detail}>{detail}</p>
        <p className={styles.place}>
          {project && <span>{project.name}</span>}
          <time dateTime={updated_at}>{dateAndTime(updated_at)}</time>
        </p>
        {open && action && (
          <Button className={styles.action} disabled={isActing} onClick={action.run}>
            {action.label}
          </Button>
        )}
      </div>
      {open && <IconButton icon="close" label={`Dismiss: ${title}`} onClick={onDismiss} />}
    </li>
  );
}
