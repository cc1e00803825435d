import { Button } from "./button";

interface Choice {
  accept: string;
  isMultiple?: boolean;
  onFiles: (files: readonly File[]) => void;
}

interface Props extends Choice {
  label: string;
  isDisabled: boolean;
}

export function FileButton({ label, isDisabled, ...choice }: Props) {
  return (
    <Button disabled={isDisabled} onClick={() => choose(choice)}>
      {label}
    </Button>
  );
}

/** Not in the page, which may change while a person chooses; held here, so that it is not lost. */
let input: HTMLInputElement;

function choose({ accept, isMultiple = false, onFiles }: Choice): void {
  input = document.createElement("input");
  input.type = "file";
  input.accept = accept;
  input.multiple = isMultiple;
  input.addEventListener("change", ({ currentTarget }) =>
    onFiles([...((currentTarget as HTMLInputElement).files ?? [])]),
  );
  input.click();
}
