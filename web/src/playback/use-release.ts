import { useEffect } from "react";

/**
 * Ends the loading of an element that has left the page.
 *
 * Until it is collected it would hold one of the few connections that a browser opens to an origin,
 * and whoever asks for the same address would wait behind it.
 */
export function useRelease(media: HTMLMediaElement | null): void {
  useEffect(() => {
    if (!media) return;
    return () => {
      if (media.isConnected) return;
      media.removeAttribute("src");
      media.load();
    };
  }, [media]);
}
