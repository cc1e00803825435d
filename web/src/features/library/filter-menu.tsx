import type { ReactNode } from "react";
import { Icon } from "../../components/icon";
import { Popover } from "../../components/popover";
import styles from "./filter-menu.module.css";

interface Props {
  title: string;
  /** How many of it are on. */
  count: number;
  children: ReactNode;
}

/** One kind of filter behind a button that says how many of it are on. */
export function FilterMenu({ title, count, children }: Props) {
  return (
    <Popover
      title={title}
      align="start"
      trigger={
        <button type="button" className={styles.trigger} data-on={count > 0}>
          {title}
          {count > 0 && (
            <span className={styles.on}>
              {count}
              <span className="visually-hidden"> on</span>
            </span>
          )}
          <Icon name="down" />
        </button>
      }
    >
      <div className={styles.choices}>{children}</div>
    </Popover>
  );
}
