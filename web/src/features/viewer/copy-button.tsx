import { useEffect, useState } from "react";
import { useAnnounce } from "../../components/announcer";
import { IconButton } from "../../components/icon-button";

const SHOWN_MS = 2000;

export function CopyButton({ label, text }: { label: string; text: string }) {
  const announce = useAnnounce();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = window.setTimeout(() => setCopied(false), SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [isCopied]);
  const copy = async () => {
    // The text can be selected by hand where the browser does not allow it.
    const isAllowed = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    setCopied(isAllowed);
    announce(isAllowed ? "Copied." : "The browser did not allow copying.");
  };
  return (
    <IconButton icon={isCopied ? "check" : "copy"} label={label} onClick={() => void copy()} />
  );
}
