import { useEffect, useState } from "react";

/** The time of day in milliseconds, each second anew while something is waiting for it. */
export function useNow(isTicking: boolean): number {
  const [time, setTime] = useState(Date.now);
  useEffect(() => {
    if (!isTicking) return;
    setTime(Date.now());
    const timer = window.setInterval(() => setTime(Date.now()), 1000);
    return () => window.clearInterval(timer);
  }, [isTicking]);
  return time;
}
