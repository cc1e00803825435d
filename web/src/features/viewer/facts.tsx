import type { Asset } from "../../api/shapes";
import { bytes, frameRate, seconds } from "../../format/units";
import { timingOf } from "../../playback/timing";
import { Pairs } from "./pairs";
import section from "./section.module.css";

/** What was measured from the bytes themselves. */
export function Facts({ asset }: { asset: Asset }) {
  const { width, height, fps, frames, duration, video_codec, audio_codec, has_audio } = asset;
  if (has_audio === null) return null;
  const moves = asset.kind === "video";
  const isUneven = timingOf(asset)?.isSteady === false;
  return (
    <section className={section.section}>
      <h3>Measured</h3>
      <Pairs
        pairs={[
          ["Picture", width && height ? `${width} × ${height}` : null],
          ["Rate", moves && fps ? `${frameRate(fps)}${isUneven ? " on average" : ""}` : null],
          ["Frames", moves && frames !== null ? frames.toLocaleString() : null],
          ["Duration", asset.kind !== "image" && duration !== null ? seconds(duration) : null],
          ["Video", video_codec],
          ["Sound", moves && !has_audio ? "None" : audio_codec],
          ["Size", asset.media.size === null ? null : bytes(asset.media.size)],
        ]}
      />
    </section>
  );
}
