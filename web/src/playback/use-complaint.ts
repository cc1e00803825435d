import { useEffect } from "react";
import type { Complaint } from "./evidence";

/** So long nothing may come before it is asked why. */
const PATIENCE_MS = 10_000;

interface Listening {
  hasPicture: boolean;
  onComplaint: (complaint: Complaint) => void;
  /** It goes on after all. */
  onRecovery: () => void;
}

/** Hears what an element says when it does not play, and notices when it says nothing. */
export function useComplaint(media: HTMLMediaElement | null, listening: Listening): void {
  const { hasPicture, onComplaint, onRecovery } = listening;
  useEffect(() => {
    if (!media) return;
    let waiting: number | undefined;
    const stop = () => {
      window.clearTimeout(waiting);
      waiting = undefined;
    };
    const fail = () => {
      stop();
      if (media.error) onComplaint({ kind: "error", ...plain(media.error) });
    };
    const measure = () => {
      if (hasPicture && "videoWidth" in media && media.videoWidth === 0)
        onComplaint({ kind: "no_picture" });
    };
    const wait = () => {
      stop();
      if (media.error) return;
      waiting = window.setTimeout(() => onComplaint({ kind: "no_bytes" }), PATIENCE_MS);
    };
    const goOn = () => {
      stop();
      onRecovery();
    };
    const heard = {
      error: fail,
      loadedmetadata: measure,
      waiting: wait,
      stalled: () => waiting === undefined && media.readyState < ENOUGH && wait(),
      loadstart: wait,
      progress: () => waiting !== undefined && media.readyState < ENOUGH && wait(),
      canplay: goOn,
      timeupdate: stop,
      emptied: stop,
    };
    for (const [name, hear] of Object.entries(heard)) media.addEventListener(name, hear);
    // It may have said so before anybody listened.
    if (media.error) fail();
    else if (media.readyState >= HTMLMediaElement.HAVE_METADATA) measure();
    else wait();
    return () => {
      stop();
      for (const [name, hear] of Object.entries(heard)) media.removeEventListener(name, hear);
    };
  }, [media, hasPicture, onComplaint, onRecovery]);
}

const ENOUGH = HTMLMediaElement.HAVE_FUTURE_DATA;

const plain = ({ code, message }: MediaError) => ({ code, message });
