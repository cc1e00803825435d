import { useEffect, useRef, useState } from "react";
import { useProviderLook } from "../../api/providers";
import type { Model } from "../../api/shapes";
import { useAnnounce } from "../../components/announcer";
import { Button } from "../../components/button";
import { Icon } from "../../components/icon";
import { Popover } from "../../components/popover";
import { sentences } from "../../format/words";
import styles from "./key-hint.module.css";
import { titlesOf } from "./model-field";

const COMMAND = "rushes key";
const MISSING = "provider_key_missing";

/** What some models wait for. The key is given in the terminal: it never passes through here. */
interface Props {
  /** Those that cannot be used now; none once the key is there. */
  models: readonly Model[];
  provider: string;
  onDone: () => void;
}

export function KeyHint({ models, provider, onDone }: Props) {
  const [isOpen, setOpen] = useState(false);
  const look = useProviderLook(provider, { isWatching: isOpen });
  const announce = useAnnounce();
  const isThere = models.length === 0;
  useEffect(() => {
    if (isThere && isOpen) announce("The key is there. The models are open.");
  }, [isThere, isOpen, announce]);
  if (isThere && !isOpen) return null;
  const close = () => {
    setOpen(false);
    if (isThere) onDone();
  };
  const problem = look.problem ?? models[0]?.unavailable ?? null;
  const isMissing = problem?.code === MISSING;
  return (
    <div className={styles.hint}>
      <p hidden={isThere}>
        {models.length === 1 ? titlesOf(models) : `${models.length} more models`} need a key of{" "}
        {provider}. The animatic needs none.
      </p>
      <Popover
        title={`Give Rushes your ${provider} key`}
        isOpen={isOpen}
        onOpenChange={(open) => (open ? setOpen(true) : close())}
        trigger={
          <Button look="quiet">
            <Icon name="key" /> Add a key
          </Button>
        }
      >
        {isThere ? (
          <div className={styles.steps}>
            <p className={styles.there}>
              <Icon name="check" /> The key is there. The models are open.
            </p>
            <Button onClick={close}>Choose models</Button>
          </div>
        ) : (
          <div className={styles.steps}>
            <p>Type this in a terminal, and paste the key when it asks. It is not shown.</p>
            <Command />
            <p className={styles.quiet}>
              The key stays on this machine and never comes into this page. As soon as it is there,
              the models open here by themselves.
            </p>
            {problem && !isMissing && <p className={styles.problem}>{sentences(problem)}</p>}
          </div>
        )}
      </Popover>
    </div>
  );
}

function Command() {
  const code = useRef<HTMLElement>(null);
  const announce = useAnnounce();
  const [said, setSaid] = useState("");
  const copy = async () => {
    const isCopied = await copied(code.current);
    const words = isCopied ? "Copied." : "It is selected: copy it with the keyboard.";
    setSaid(words);
    announce(words);
  };
  return (
    <>
      <div className={styles.command}>
        <code ref={code}>{COMMAND}</code>
        <Button look="quiet" onClick={copy}>
          <Icon name="copy" /> Copy
        </Button>
      </div>
      {said && <p className={styles.quiet}>{said}</p>}
    </>
  );
}

/** Not every address of a studio lets a page write to the clipboard: then it is selected. */
async function copied(element: HTMLElement | null): Promise<boolean> {
  if (element === null) return false;
  try {
    await navigator.clipboard.writeText(element.innerText);
    return true;
  } catch {
    getSelection()?.selectAllChildren(element);
    return false;
  }
}
