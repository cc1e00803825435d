import { useState } from "react";
import { mediaAddress } from "../../api/assets";
import styles from "./preview.module.css";

/** The clip itself over its poster, without a sound, once it has something to show. */
export function Preview({ assetId }: { assetId: string }) {
  const [hasStarted, setStarted] = useState(false);
  return (
    <video
      className={styles.preview}
      data-started={hasStarted}
      src={mediaAddress(assetId)}
      muted
      autoPlay
      loop
      playsInline
      disableRemotePlayback
      aria-hidden="true"
      tabIndex={-1}
      onPlaying={() => setStarted(true)}
    />
  );
}
