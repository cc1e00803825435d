import { IconButton } from "../components/icon-button";
import type { Sound } from "./use-sound";
import styles from "./volume.module.css";

interface Props {
  sound: Sound;
  onChange: (sound: Sound) => void;
}

export function Volume({ sound: { volume, isMuted }, onChange }: Props) {
  const isSilent = isMuted || volume === 0;
  return (
    <span className={styles.volume}>
      <IconButton
        icon={isSilent ? "silent" : "sound"}
        label={isMuted ? "Sound on" : "Mute"}
        onClick={() => onChange({ volume, isMuted: !isMuted })}
      />
      <input
        type="range"
        className={styles.slider}
        aria-label="Volume"
        aria-valuetext={`${Math.round(volume * 100)} %`}
        min={0}
        max={1}
        step={0.05}
        value={isMuted ? 0 : volume}
        onChange={({ target }) => onChange({ volume: Number(target.value), isMuted: false })}
      />
    </span>
  );
}
