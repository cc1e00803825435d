import type { Asset } from "../../api/shapes";
import { bytes, frameRate, seconds } from "../../format/units";
import section from "./section.module.css";

/** What was measured from the bytes themselves. */
export function Facts({ asset }: { asset: Asset }) {
  const facts = measured(asset);
  if (facts.length === 0) return null;
  return (
    <section className={section.section}>
      <h3>Measured</h3>
      <dl className={section.facts}>
        {facts.map(([name, value]) => (
          <div key={name} className={section.pair}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function measured(asset: Asset): [string, string][] {
  const { width, height, fps, frames, duration, video_codec, audio_codec, has_audio } = asset;
  const isImage = asset.kind === "image";
  const facts: [string, string | null][] = [
    ["Picture", width && height ? `${width} × ${height}` : null],
    ["Rate", fps && !isImage ? frameRate(fps) : null],
    ["Frames", frames !== null && !isImage ? frames.toLocaleString() : null],
    ["Duration", duration !== null && !isImage ? seconds(duration) : null],
    ["Video", video_codec],
    ["Sound", has_audio === false && !isImage ? "None" : audio_codec],
    ["Size", asset.media.size === null ? null : bytes(asset.media.size)],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== null);
}
