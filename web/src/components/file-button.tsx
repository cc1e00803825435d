import { useRef } from "react";
import { Button } from "./button";

interface Props {
  label: string;
  accept: string;
  isDisabled: boolean;
  isMultiple?: boolean;
  onFiles: (files: readonly File[]) => void;
}

export function FileButton({ label, accept, isDisabled, isMultiple = false, onFiles }: Props) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        multiple={isMultiple}
        aria-label={label}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = ""; // so that the same file can be chosen again
          if (files.length > 0) onFiles(files);
        }}
      />
      <Button disabled={isDisabled} onClick={() => input.current?.click()}>
        {label}
      </Button>
    </>
  );
}
