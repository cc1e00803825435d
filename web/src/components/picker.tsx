import { Select } from "@base-ui/react/select";
import type { ReactNode } from "react";
import styles from "./picker.module.css";

export interface Option {
  value: string;
  title: string;
  /** More about it, shown in the open list only. */
  body?: ReactNode;
  isDisabled?: boolean;
}

interface Props {
  label: string;
  isLabelHidden?: boolean;
  options: readonly Option[];
  value: string | null;
  placeholder?: string;
  onChange: (value: string) => void;
  onOpen?: () => void;
}

/** One choice of several that each need more than a word. */
export function Picker({ label, isLabelHidden, options, value, placeholder, ...on }: Props) {
  const items = options.map((option) => ({ value: option.value, label: option.title }));
  return (
    <div className={styles.picker}>
      <Select.Root
        items={items}
        value={value}
        onValueChange={(chosen) => chosen && on.onChange(chosen)}
        onOpenChange={(isOpen) => isOpen && on.onOpen?.()}
      >
        <Select.Label className={isLabelHidden ? "visually-hidden" : styles.label}>
          {label}
        </Select.Label>
        <Select.Trigger className={styles.trigger}>
          <Select.Value className={styles.value} placeholder={placeholder} />
          <Select.Icon className={styles.icon}>
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <path d="M4.5 6.5 8 10l3.5-3.5" />
            </svg>
          </Select.Icon>
        </Select.Trigger>
        <Select.Portal>
          <Select.Positioner
            className={styles.positioner}
            sideOffset={6}
            align="start"
            alignItemWithTrigger={false}
          >
            <Select.Popup className={styles.popup}>
              <Select.List className={styles.list}>
                {options.map((option) => (
                  <Select.Item
                    key={option.value}
                    value={option.value}
                    disabled={option.isDisabled ?? false}
                    className={styles.item}
                  >
                    <Select.ItemText className={styles.itemTitle}>{option.title}</Select.ItemText>
                    <Select.ItemIndicator className={styles.chosen}>
                      <svg viewBox="0 0 16 16" aria-hidden="true">
                        <path d="m3.5 8.5 3 3 6-7" />
                      </svg>
                    </Select.ItemIndicator>
                    {option.body && <div className={styles.body}>{option.body}</div>}
                  </Select.Item>
                ))}
              </Select.List>
            </Select.Popup>
          </Select.Positioner>
        </Select.Portal>
      </Select.Root>
    </div>
  );
}
