import type { CSSProperties, ReactNode } from "react";
import { IconButton } from "../components/icon-button";
import { type Timing, timecode } from "./timing";
import styles from "./transport.module.css";

interface Props {
  timing: Timing;
  frame: number;
  isPlaying: boolean;
  isLooping: boolean;
  onToggle: () => void;
  onStep: (frames: number) => void;
  onSeek: (frame: number) => void;
  onLoop: (isLooping: boolean) => void;
  /** More controls, at the end. */
  children?: ReactNode;
}

/** Play, step and seek, by frames. */
export function Transport(props: Props) {
  const { timing, frame, isPlaying, isLooping, children } = props;
  const { rate, frames } = timing;
  const at = timecode(frame, rate);
  const total = timecode(frames, rate);
  const place = timing.isSteady ? `Frame ${frame}` : `About frame ${frame}`;
  return (
    <fieldset className={styles.transport}>
      <legend className="visually-hidden">Playing</legend>
      <input
        type="range"
        className={styles.scrubber}
        aria-label="Position"
        aria-valuetext={`${at}, ${place.toLowerCase()} of ${frames}`}
        min={0}
        max={frames - 1}
        step={1}
        value={frame}
        style={partOf(frame, frames)}
        onChange={({ target }) => props.onSeek(Number(target.value))}
      />
      <div className={styles.row}>
        <div className={styles.buttons}>
          <IconButton
            icon="frameBack"
            label="One frame back"
            command="view.frameBack"
            onClick={() => props.onStep(-1)}
          />
          <IconButton
            icon={isPlaying ? "pause" : "play"}
            label={isPlaying ? "Pause" : "Play"}
            command="view.play"
            className={styles.play}
            onClick={props.onToggle}
          />
          <IconButton
            icon="frameForward"
            label="One frame on"
            command="view.frameForward"
            onClick={() => props.onStep(1)}
          />
        </div>
        <p className={styles.time}>
          <span className={styles.now} data-frame={frame}>
            {at}
          </span>
          <span> / {total}</span>
          <span className={styles.frame}>{place}</span>
        </p>
        <div className={styles.more}>
          <IconButton
            icon="loop"
            label="Loop"
            isPressed={isLooping}
            onClick={() => props.onLoop(!isLooping)}
          />
          {children}
        </div>
      </div>
    </fieldset>
  );
}

/** How far it is, for the line behind the knob. */
const partOf = (frame: number, frames: number): CSSProperties =>
  ({ "--part": `${(100 * frame) / Math.max(1, frames - 1)}%` }) as CSSProperties;
