import { useCallback, useState } from "react";
import { flushSync } from "react-dom";
import { useMedia } from "../components/use-media";
import { useRemembered } from "../components/use-remembered";

const NARROW = "(width < 56rem)";
const isNotFalse = (kept: unknown): boolean => kept !== false;

export interface Rail {
  isNarrow: boolean;
  isOpen: boolean;
  setOpen: (isOpen: boolean) => void;
  /** Whether the list of models is open. */
  isChoosing: boolean;
  setChoosing: (isChoosing: boolean) => void;
  /** Brings the form into sight, with the focus where one goes on. */
  show: (at: "prompt" | "models") => void;
}

/** The form beside the library. It can be put aside; where there is little room, it is at first. */
export function useRail(): Rail {
  const isNarrow = useMedia(NARROW);
  const [isOpenWide, setOpenWide] = useRemembered("form", isNotFalse);
  const [isOpenNarrow, setOpenNarrow] = useState(false);
  const [isChoosing, setChoosing] = useState(false);
  const setOpen = isNarrow ? setOpenNarrow : setOpenWide;
  const show = useCallback(
    (at: "prompt" | "models") => {
      // What is hidden cannot have the focus.
      flushSync(() => setOpen(true));
      if (at === "models") setChoosing(true);
      else document.getElementById("prompt")?.focus();
    },
    [setOpen],
  );
  const isOpen = isNarrow ? isOpenNarrow : isOpenWide;
  return { isNarrow, isOpen, setOpen, isChoosing, setChoosing, show };
}
