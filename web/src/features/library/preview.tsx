import { type ReactNode, useState } from "react";
import type { Asset } from "../../api/shapes";
import { useRelease } from "../../playback/use-release";
import { useSource } from "../../playback/use-source";
import { report } from "../../reports/report";
import styles from "./preview.module.css";

interface Props {
  asset: Asset;
  /** What stands over it as soon as it is seen. */
  children?: ReactNode;
}

/** The clip itself over its poster, without a sound, once it has something to show. */
export function Preview({ asset, children }: Props) {
  const [hasStarted, setStarted] = useState(false);
  const [video, attach] = useState<HTMLVideoElement | null>(null);
  const { loaded } = useSource(asset);
  useRelease(video);
  if (!loaded?.address) return null;
  return (
    <>
      <video
        ref={attach}
        className={styles.preview}
        data-started={hasStarted}
        crossOrigin={loaded.crossorigin ?? undefined}
        src={loaded.address}
        muted
        autoPlay
        loop
        playsInline
        disableRemotePlayback
        aria-hidden="true"
        tabIndex={-1}
        onPlaying={({ currentTarget }) => setStarted(currentTarget.videoWidth > 0)}
        onError={({ currentTarget: { error } }) =>
          // What is the matter is found out where it is opened.
          report({
            kind: "playback",
            asset_id: asset.id,
            code: `media error ${error?.code ?? 0}`,
            message: error?.message ?? "",
          })
        }
      />
      {hasStarted && children}
    </>
  );
}
