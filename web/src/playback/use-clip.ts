import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { frameAt, middleOf, type Timing } from "./timing";

export interface Clip {
  /** For the `ref` of the video. */
  attach: (video: HTMLVideoElement | null) => void;
  video: HTMLVideoElement | null;
  isPlaying: boolean;
  /** The frame that is shown. */
  frame: number;
  /** Seconds, where the clip has no frames that are known. */
  time: number;
  toggle: () => void;
  step: (frames: number) => void;
  seek: (frame: number) => void;
}

const SECONDS_A_STEP = 1 / 25;

/** One clip that plays, by frames. */
export function useClip(timing: Timing | null): Clip {
  const [video, attach] = useState<HTMLVideoElement | null>(null);
  const [isPlaying, setPlaying] = useState(false);
  const [time, setTime] = useState(0);
  /** Where it is to stand; steps that come faster than the picture add up. */
  const wanted = useRef<number | null>(null);

  useEffect(() => {
    if (!video) return;
    setPlaying(false);
    setTime(0);
    wanted.current = null;
    const note = () => {
      setPlaying(!video.paused && !video.ended);
      if (!video.seeking) setTime(video.currentTime);
    };
    const arrive = () => {
      const next = wanted.current;
      if (next !== null && Math.abs(next - video.currentTime) > 1e-4) video.currentTime = next;
      else wanted.current = null;
      note();
    };
    const names = ["play", "pause", "ended", "timeupdate"] as const;
    for (const name of names) video.addEventListener(name, note);
    video.addEventListener("seeked", arrive);
    let turn = video.requestVideoFrameCallback(function show(_now, { mediaTime }) {
      if (!video.seeking) setTime(mediaTime);
      turn = video.requestVideoFrameCallback(show);
    });
    return () => {
      for (const name of names) video.removeEventListener(name, note);
      video.removeEventListener("seeked", arrive);
      video.cancelVideoFrameCallback(turn);
    };
  }, [video]);

  const go = useCallback(
    (seconds: number) => {
      if (!video) return;
      const isMoving = video.seeking && wanted.current !== null;
      wanted.current = seconds;
      setTime(seconds);
      if (!isMoving) video.currentTime = seconds;
    },
    [video],
  );
  const toggle = useCallback(() => {
    if (!video) return;
    if (!video.paused && !video.ended) return video.pause();
    // A clip that may not play says so by its own event.
    void video.play().catch(() => undefined);
  }, [video]);
  const seek = useCallback(
    (frame: number) => go(timing ? middleOf(timing, frame) : frame * SECONDS_A_STEP),
    [go, timing],
  );
  const step = useCallback(
    (frames: number) => {
      if (!video) return;
      video.pause();
      const from = wanted.current ?? video.currentTime;
      if (timing) seek(frameAt(timing, from) + frames);
      else go(Math.max(0, from + frames * SECONDS_A_STEP));
    },
    [video, timing, seek, go],
  );

  const frame = timing ? frameAt(timing, time) : Math.round(time / SECONDS_A_STEP);
  return useMemo(
    () => ({ attach, video, isPlaying, frame, time, toggle, step, seek }),
    [video, isPlaying, frame, time, toggle, step, seek],
  );
}
