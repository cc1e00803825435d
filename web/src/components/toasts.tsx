import { Toast } from "@base-ui/react/toast";
import { type ReactNode, useCallback, useMemo } from "react";
import type { Problem } from "../api/shapes";
import { Button } from "./button";
import { Icon, type IconName } from "./icon";
import styles from "./toasts.module.css";

export type Level = "info" | "success" | "warning" | "error";

export interface ToastAction {
  label: string;
  run: () => void;
}

export interface ToastOrder {
  /** The same id again changes the toast that stands, and starts its time anew. */
  id?: string;
  title: string;
  detail?: string;
  level: Level;
  /** It is offered elsewhere as well: nothing lives only in a toast. */
  action?: ToastAction;
  /** Milliseconds; null: until it is dismissed. Left out: as the level asks. */
  duration?: number | null;
  onClose?: () => void;
}

interface Data {
  level: Level;
  action?: ToastAction;
}

/** No toast goes before it can be read. */
const SHORTEST = 5000;
const AT_ONCE = 3;
/** The code of the problem, and the id of its toast: it goes when the studio is back. */
export const STUDIO_AWAY = "studio_unreachable";
const DURATIONS: Record<Level, number | null> = {
  info: SHORTEST,
  success: SHORTEST,
  warning: 2 * SHORTEST,
  error: null,
};
const ICONS: Record<Level, IconName> = {
  info: "info",
  success: "check",
  warning: "warning",
  error: "error",
};

export function useToast() {
  const { add, close } = Toast.useToastManager<Data>();
  const toast = useCallback(
    ({ id, title, detail, level, action, onClose, duration = DURATIONS[level] }: ToastOrder) =>
      add({
        ...(id ? { id } : {}),
        ...(onClose ? { onClose } : {}),
        title,
        description: detail,
        timeout: duration === null ? 0 : Math.max(SHORTEST, duration),
        priority: level === "error" ? "high" : "low",
        data: { level, ...(action ? { action } : {}) },
      }),
    [add],
  );
  const toastProblem = useCallback(
    ({ code, title, detail, remedy }: Problem, action?: ToastAction, id?: string) =>
      toast({
        // Each question that stays unanswered is told by the same toast.
        ...(code === STUDIO_AWAY ? { id: STUDIO_AWAY } : id ? { id } : {}),
        title,
        detail: [detail, remedy].filter(Boolean).join(" "),
        level: "error",
        ...(action ? { action } : {}),
      }),
    [toast],
  );
  return useMemo(() => ({ toast, toastProblem, close }), [toast, toastProblem, close]);
}

/** Where toasts stand: three at most, in a corner, over everything. F6 moves the focus to them. */
export function Toasts({ children }: { children: ReactNode }) {
  return (
    <Toast.Provider limit={AT_ONCE} timeout={SHORTEST}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className={styles.corner}>
          <Shown />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function Shown() {
  const { toasts, close } = Toast.useToastManager<Data>();
  return toasts.map((toast) => {
    const level = toast.data?.level ?? "info";
    const action = toast.data?.action;
    const act = () => {
      close(toast.id);
      action?.run();
    };
    return (
      <Toast.Root
        key={toast.id}
        toast={toast}
        className={styles.toast}
        data-level={level}
        // An error is said by an alert of its own, at once: here it is read, and not said again.
        aria-hidden={false}
        aria-live={level === "error" ? "off" : undefined}
      >
        <Toast.Content className={styles.content}>
          <span className={styles.icon}>
            <Icon name={ICONS[level]} />
          </span>
          <div className={styles.words}>
            <Toast.Title className={styles.title} render={<p />} />
            <Toast.Description className={styles.detail} />
            {action && (
              <Button className={styles.action} onClick={act}>
                {action.label}
              </Button>
            )}
          </div>
          <Toast.Close className={styles.close} aria-label="Dismiss" aria-hidden={false}>
            <Icon name="close" />
          </Toast.Close>
        </Toast.Content>
      </Toast.Root>
    );
  });
}
