import styles from "./icon.module.css";

/** Drawn on 16 by 16, in lines. */
const paths = {
  add: "M8 3v10M3 8h10",
  again: "M13 8a5 5 0 1 1-1.6-3.7M13 2.5V5h-2.5",
  bell: "M4 11V7a4 4 0 0 1 8 0v4l1 1H3zM6.8 14h2.4",
  check: "m3.5 8.5 3 3 6-7",
  clock: "M8 4.5V8l2.5 1.5M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2",
  close: "M4 4l8 8M12 4l-8 8",
  collapse: "M2.5 3h11v10h-11zM6.5 3v10M11.5 6.5 10 8l1.5 1.5",
  compare: "M2.5 3.5h4.5v9H2.5zM9 3.5h4.5v9H9z",
  copy: "M5.5 5.5h8v8h-8zM3 10.5h-.5v-8h8V3",
  down: "M4.5 6.5 8 10l3.5-3.5",
  download: "M8 2.5V10M5 7.5 8 10.5l3-3M3 13h10",
  error: "M8 4.8v4M8 11.2v.1M5.5 2h5L14 5.5v5L10.5 14h-5L2 10.5v-5z",
  expand: "M2.5 3h11v10h-11zM6.5 3v10M10 6.5 11.5 8 10 9.5",
  expired: "M5 2h6M5 14h6M5.5 2v2.5L8 8l2.5-3.5V2M5.5 14v-2.5L8 8l2.5 3.5V14",
  file: "M4 1.5h5.5L12 4v10.5H4zM9 1.5V4.5h3",
  filter: "M2 4h12M4.5 8h7M7 12h2",
  flag: "M4 14V2.5M4 3h8l-1.8 2.8L12 8.5H4",
  folder: "M2 4h4l1.3 1.5H14V13H2z",
  frameBack: "M9.5 3.5 5 8l4.5 4.5M12.5 3.5v9",
  frameForward: "M6.5 3.5 11 8l-4.5 4.5M3.5 3.5v9",
  help: "M6.2 6a1.9 1.9 0 1 1 2.6 1.8c-.6.2-.8.6-.8 1.2M8 11.3v.1M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2",
  image: "M2 3h12v10H2zM2 11l3.5-3.5 3 3 2-2L14 11M10.5 6v.1",
  info: "M8 7.2V11M8 4.9V5M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2",
  key: "M7.5 8.5 13 3M11 5l1.7 1.7M8 10.5a2.75 2.75 0 1 1-5.5 0 2.75 2.75 0 0 1 5.5 0",
  keyboard: "M1.5 4h13v8.5h-13zM4 7h.1M6.6 7h.1M9.3 7h.1M12 7h.1M5 10h6",
  link: "M6.8 9.2a2.5 2.5 0 0 0 3.6 0l2.2-2.2A2.5 2.5 0 0 0 9 3.4L8 4.4M9.2 6.8a2.5 2.5 0 0 0-3.6 0L3.4 9A2.5 2.5 0 0 0 7 12.6l1-1",
  loop: "M4.5 5.5h7a2 2 0 0 1 2 2V8M11.5 10.5h-7a2 2 0 0 1-2-2V8M6 3.5l-2 2 2 2M10 8.5l2 2-2 2",
  minus: "M3 8h10",
  missing: "M4 1.5h5.5L12 4v10.5H4zM6.3 7l3.4 3.4M9.7 7l-3.4 3.4",
  more: "M2.5 8a.7.7 0 1 0 1.4 0 .7.7 0 1 0-1.4 0M7.3 8a.7.7 0 1 0 1.4 0 .7.7 0 1 0-1.4 0M12.1 8a.7.7 0 1 0 1.4 0 .7.7 0 1 0-1.4 0",
  next: "M6 3.5 10.5 8 6 12.5",
  open: "M6.5 3H3v10h10V9.5M9.5 2.5h4v4M13.5 2.5 7.5 8.5",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  pencil: "m10.8 2.8 2.4 2.4L5.5 13l-3 .5.5-3z",
  play: "M5 3.2v9.6L12.5 8z",
  previous: "M10 3.5 5.5 8l4.5 4.5",
  prompt: "M2.5 4h11M2.5 8h11M2.5 12h6",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.3 10.3 13.5 13.5",
  settings:
    "M2 4.5h6M11.5 4.5H14M2 11.5h2.5M8 11.5h6M9.75 2.75a1.75 1.75 0 1 1 0 3.5 1.75 1.75 0 0 1 0-3.5M6.25 9.75a1.75 1.75 0 1 1 0 3.5 1.75 1.75 0 0 1 0-3.5",
  silent: "M2.5 6v4H5l3.5 3V3L5 6zM11 6.2l3 3.6M14 6.2l-3 3.6",
  sound: "M2.5 6v4H5l3.5 3V3L5 6zM11 6a3 3 0 0 1 0 4",
  star: "m8 2 1.8 3.8 4.2.5-3.1 2.9.8 4.1L8 11.3l-3.7 2 .8-4.1L2 6.3l4.2-.5z",
  stop: "M4 4h8v8H4z",
  takes: "M2.5 5.5h8v8h-8zM5 5.5V3h8.5v8.5h-3",
  trash: "M2.5 4h11M6 4V2.5h4V4M4 4l.6 9.5h6.8L12 4M6.7 6.8v4M9.3 6.8v4",
  undo: "M5.5 3 2.5 6l3 3M2.5 6H10a3.5 3.5 0 0 1 0 7H6.5",
  unsaved: "M8 2v5M8 9.6v.1M3 8.5V13h10V8.5",
  up: "M4.5 9.5 8 6l3.5 3.5",
  video: "M2 4h8.5v8H2zM10.5 7 14 5v6l-3.5-2",
  warning: "M8 2 14.5 13.5h-13zM8 6.2v3.4M8 11.5v.1",
} as const;

export type IconName = keyof typeof paths;

interface Props {
  name: IconName;
  isFilled?: boolean;
}

/** A picture beside words, or in a control that has a name: never the only sign of anything. */
export function Icon({ name, isFilled = false }: Props) {
  const classes = isFilled ? `${styles.icon} ${styles.filled}` : styles.icon;
  return (
    <svg className={classes} viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
