import { useEffect, useRef } from "react";
import { useHeard } from "../../api/live";
import type { Generation } from "../../api/shapes";
import { useAnnounce } from "../../components/announcer";
import { shortened } from "../../format/words";

const TOGETHER_MS = 1000;
const WORDS: Partial<Record<Generation["state"], string>> = {
  done: "Finished",
  failed: "Failed",
  cancelled: "Cancelled",
  unconfirmed: "Unconfirmed",
};

/** Says aloud what has come to its end; what ends in the same moment is said together. */
export function useAnnouncedEnds(): void {
  const announce = useAnnounce();
  const heard = useHeard<Generation>("generation");
  const states = useRef(new Map<string, Generation["state"]>());
  const ended = useRef<string[]>([]);
  const timer = useRef<number | undefined>(undefined);
  useEffect(() => {
    for (const { item } of heard.values()) {
      const before = states.current.get(item.id);
      states.current.set(item.id, item.state);
      const word = WORDS[item.state];
      const wasUnderWay = before !== undefined && WORDS[before] === undefined;
      if (word && wasUnderWay) ended.current.push(`${word}: ${shortened(item.prompt, 60)}`);
    }
    if (ended.current.length === 0 || timer.current !== undefined) return;
    timer.current = window.setTimeout(() => {
      timer.current = undefined;
      const [first = "", ...others] = ended.current.splice(0);
      announce(others.length === 0 ? first : `${first}, and ${others.length} more.`);
    }, TOGETHER_MS);
  }, [heard, announce]);
  useEffect(() => () => window.clearTimeout(timer.current), []);
}
