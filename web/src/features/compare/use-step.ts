import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { endOf, frameAt, type Timing } from "../../playback/timing";
import { commonTiming, correction, placeIn, smoothed } from "./step";

export interface Side {
  id: string;
  timing: Timing;
}

export interface InStep {
  /** For the `ref` of the video of this side. */
  attach: (id: string, video: HTMLVideoElement | null) => void;
  timing: Timing | null;
  frame: number;
  isPlaying: boolean;
  toggle: () => void;
  step: (frames: number) => void;
  seek: (frame: number) => void;
}

const READY = HTMLMediaElement.HAVE_FUTURE_DATA;
const END = 0.001;

/**
 * Several videos under one clock.
 *
 * Paused, each is sought to the middle of the frame that belongs to the common moment. Playing, the
 * longest one leads; at each of its frames it is looked how far the others are off, and they go a
 * little slower or faster until they are in step again.
 */
export function useStep(sides: readonly Side[], isLooping: boolean): InStep {
  const key = sides.map(({ id }) => id).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same sides are the same timing
  const timing = useMemo(() => commonTiming(sides.map((side) => side.timing)), [key]);
  const videos = useRef(new Map<string, HTMLVideoElement>());
  /** How many seconds each is ahead of the leader, smoothed. */
  const drifts = useRef(new Map<string, number>());
  const stops = useRef(new Map<string, () => void>());
  const [frame, setFrame] = useState(0);
  const at = useRef(0);
  const [isPlaying, setPlaying] = useState(false);
  const playing = useRef(false);
  const latest = useRef({ sides, timing, isLooping });
  latest.current = { sides, timing, isLooping };

  const place = useCallback((next: number) => {
    const { sides: all, timing: common } = latest.current;
    if (!common) return;
    at.current = Math.min(Math.max(next, 0), common.frames - 1);
    setFrame(at.current);
    for (const side of all) {
      const video = videos.current.get(side.id);
      if (!video) continue;
      const wanted = placeIn(side.timing, common, at.current);
      if (Math.abs(video.currentTime - wanted) > 1e-4) video.currentTime = wanted;
    }
  }, []);

  const pause = useCallback(() => {
    playing.current = false;
    setPlaying(false);
    for (const video of videos.current.values()) {
      video.pause();
      video.playbackRate = 1;
    }
    place(at.current);
  }, [place]);

  const play = useCallback(async () => {
    const { timing: common } = latest.current;
    if (!common) return;
    playing.current = true;
    setPlaying(true);
    place(at.current >= common.frames - 1 ? 0 : at.current);
    const all = [...videos.current.values()];
    await Promise.all(all.map(settled));
    if (!playing.current) return;
    drifts.current.clear();
    // One that may not play says so by its own event.
    for (const video of all) if (!isOver(video)) void video.play().catch(() => undefined);
  }, [place]);

  /** At each frame of the leader, the others are brought to where it is. */
  const follow = useCallback((id: string, media: number) => {
    const { sides: all, timing: common } = latest.current;
    const lead = leaderOf(all, videos.current);
    const leading = lead && videos.current.get(lead.id);
    if (!playing.current || !common || !leading || id !== lead.id) return;
    at.current = frameAt(common, media);
    setFrame(at.current);
    for (const [other, video] of videos.current) {
      if (video === leading || video.seeking || video.ended) continue;
      const ahead = smoothed(drifts.current.get(other), video.currentTime - leading.currentTime);
      drifts.current.set(other, ahead);
      const what = correction(ahead);
      if (what.kind === "rate") video.playbackRate = what.rate;
      else {
        drifts.current.delete(other);
        video.currentTime = leading.currentTime;
      }
    }
  }, []);

  const finish = useCallback(
    (id: string) => {
      const { sides: all, timing: common, isLooping: loops } = latest.current;
      if (!playing.current || !common || id !== leaderOf(all, videos.current)?.id) return;
      at.current = common.frames - 1;
      if (loops) void play();
      else pause();
    },
    [play, pause],
  );

  const attach = useCallback(
    (id: string, video: HTMLVideoElement | null) => {
      stops.current.get(id)?.();
      stops.current.delete(id);
      videos.current.delete(id);
      drifts.current.delete(id);
      if (!video) return;
      videos.current.set(id, video);
      let turn = video.requestVideoFrameCallback(function note(_now, told) {
        follow(id, told.mediaTime);
        turn = video.requestVideoFrameCallback(note);
      });
      const ended = () => finish(id);
      const loaded = () => place(at.current);
      video.addEventListener("ended", ended);
      video.addEventListener("loadedmetadata", loaded);
      stops.current.set(id, () => {
        video.cancelVideoFrameCallback(turn);
        video.removeEventListener("ended", ended);
        video.removeEventListener("loadedmetadata", loaded);
      });
    },
    [follow, finish, place],
  );

  useEffect(() => {
    const all = stops.current;
    return () => {
      for (const stop of all.values()) stop();
    };
  }, []);
  // Others stand side by side: from where it is, and still.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the sides change
  useEffect(() => pause(), [key, pause]);

  const seek = useCallback(
    (next: number) => {
      if (playing.current) pause();
      place(next);
    },
    [pause, place],
  );
  return {
    attach,
    timing,
    frame,
    isPlaying,
    toggle: useCallback(() => (playing.current ? pause() : void play()), [pause, play]),
    step: useCallback((frames: number) => seek(at.current + frames), [seek]),
    seek,
  };
}

/** The longest one that plays: it is still there when the others have ended. */
function leaderOf(
  sides: readonly Side[],
  videos: ReadonlyMap<string, HTMLVideoElement>,
): Side | undefined {
  return sides
    .filter(({ id }) => videos.get(id)?.error === null)
    .sort((a, b) => endOf(b.timing) - endOf(a.timing))[0];
}

const isOver = (video: HTMLVideoElement): boolean => video.currentTime >= video.duration - END;

/** When it stands where it was sought, with something to go on with. */
function settled(video: HTMLVideoElement): Promise<void> {
  const isSettled = () => !video.seeking && (video.readyState >= READY || isOver(video));
  return new Promise((resolve) => {
    if (isSettled() || video.error) return resolve();
    const events = ["seeked", "canplay", "error"] as const;
    const look = () => {
      if (!isSettled() && !video.error) return;
      for (const name of events) video.removeEventListener(name, look);
      resolve();
    };
    for (const name of events) video.addEventListener(name, look);
  });
}
