import { useEffect } from "react";
import { useRemembered } from "../components/use-remembered";

export interface Sound {
  /** 0 to 1. */
  volume: number;
  isMuted: boolean;
}

/** Modest: nobody is to be frightened by a first clip. */
const MODEST = 0.3;

export function useSound() {
  return useRemembered<Sound>("sound", readSound);
}

/** Gives a video the sound that was chosen. */
export function useSoundOf(video: HTMLVideoElement | null, { volume, isMuted }: Sound): void {
  useEffect(() => {
    if (!video) return;
    video.volume = volume;
    video.muted = isMuted;
  }, [video, volume, isMuted]);
}

function readSound(kept: unknown): Sound {
  const { volume, isMuted } = (kept ?? {}) as Partial<Sound>;
  return {
    volume: typeof volume === "number" ? Math.min(Math.max(volume, 0), 1) : MODEST,
    isMuted: isMuted === true,
  };
}
