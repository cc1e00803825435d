/** What the doctor finds: asked anew each time, because it is the present that counts. */
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { explain, getPlayback } from "./playback";
import { getSlowly, problemOf } from "./request";
import type { DoctorReport, Finding, Problem, Reading } from "./shapes";

const ANEW = { staleTime: 0, gcTime: 0 } as const;

export function useDoctor(isAsked: boolean) {
  return useQuery({
    queryKey: ["doctor"],
    queryFn: ({ signal }) => getSlowly<DoctorReport>("/api/doctor", signal),
    enabled: isAsked,
    ...ANEW,
  });
}

/** All that is known of one thing, and from where it is played. */
export function useExplanation(thing: string) {
  return useQuery({
    queryKey: ["doctor", "about", thing],
    queryFn: async ({ signal }) => {
      const explanation = await explain(thing, signal);
      const { asset } = explanation;
      const playback = asset && (await getPlayback(asset.id, { check: true, signal }));
      return { explanation, playback };
    },
    ...ANEW,
  });
}

export interface Thorough {
  findings: readonly Finding[];
  files: number;
  filesInAll: number;
  size: number;
  sizeInAll: number;
  /** Whether the files are being read, after everything else has been looked at. */
  isReading: boolean;
}

const BEGINNING: Thorough = {
  findings: [],
  files: 0,
  filesInAll: 0,
  size: 0,
  sizeInAll: 0,
  isReading: false,
};

/** Reads the whole catalogue, then every saved file, a stretch at a time, until it is stopped. */
export function useThorough() {
  const [progress, setProgress] = useState<Thorough | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isRunning, setRunning] = useState(false);
  const running = useRef<AbortController | null>(null);

  const stop = useCallback(() => {
    running.current?.abort();
    running.current = null;
    setRunning(false);
  }, []);
  const start = useCallback(async () => {
    stop();
    const mine = new AbortController();
    running.current = mine;
    setRunning(true);
    setProblem(null);
    setProgress(BEGINNING);
    try {
      const { findings } = await getSlowly<DoctorReport>("/api/doctor?thorough=true", mine.signal);
      for await (const reading of readings(mine.signal)) {
        setProgress((before) => further(before ?? BEGINNING, findings, reading));
      }
    } catch (error) {
      if (!mine.signal.aborted) setProblem(problemOf(error));
    }
    if (running.current === mine) setRunning(false);
  }, [stop]);
  const forget = useCallback(() => {
    stop();
    setProgress(null);
    setProblem(null);
  }, [stop]);
  useEffect(() => stop, [stop]);
  return { progress, problem, isRunning, start, stop, forget };
}

async function* readings(signal: AbortSignal): AsyncGenerator<Reading> {
  let cursor: string | null = "";
  while (cursor !== null) {
    const query: string = cursor === "" ? "" : `?cursor=${encodeURIComponent(cursor)}`;
    const reading: Reading = await getSlowly<Reading>(`/api/doctor/files${query}`, signal);
    yield reading;
    cursor = reading.next_cursor;
  }
}

function further(before: Thorough, looked: readonly Finding[], reading: Reading): Thorough {
  return {
    findings: [...(before.isReading ? before.findings : looked), ...reading.findings],
    files: before.files + reading.files,
    filesInAll: reading.files_in_all,
    size: before.size + reading.size,
    sizeInAll: reading.size_in_all,
    isReading: true,
  };
}
