import { IconButton } from "../../components/icon-button";
import { useCopying } from "../../components/use-copying";

export function CopyButton({ label, text }: { label: string; text: string }) {
  const { isCopied, copy } = useCopying();
  return (
    <IconButton icon={isCopied ? "check" : "copy"} label={label} onClick={() => void copy(text)} />
  );
}
