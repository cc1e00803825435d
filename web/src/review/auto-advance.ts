import { useRemembered } from "../components/use-remembered";

/** Whether the next card comes by itself after a verdict. */
export const useAutoAdvance = () => useRemembered("auto-advance", (kept) => kept === true);
