import { useEffect, useId, useRef, useState } from "react";
import { useAddress } from "../../address/use-address";
import { Icon } from "../../components/icon";
import { useKeyLabel } from "../../shortcuts/use-key-labels";
import { useShortcuts } from "../../shortcuts/use-shortcuts";
import styles from "./search-field.module.css";

const ASK_AFTER_MS = 180;

/** Searches while one types. What is searched for stands in the address. */
export function SearchField() {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const { address, change } = useAddress();
  const [text, setText] = useState(address.q);
  const asked = useRef(address.q);
  const key = useKeyLabel("search.focus");

  useEffect(() => {
    // Changed elsewhere: cleared, or back in the browser's history.
    if (address.q !== asked.current) setText(address.q);
    asked.current = address.q;
  }, [address.q]);
  useEffect(() => {
    if (text === asked.current) return;
    const timer = window.setTimeout(() => {
      const isFirst = asked.current === "";
      asked.current = text;
      change({ q: text }, { replace: !isFirst });
    }, ASK_AFTER_MS);
    return () => window.clearTimeout(timer);
  }, [text, change]);
  useShortcuts({
    "search.focus": () => {
      input.current?.focus();
      input.current?.select();
    },
  });

  return (
    <search className={styles.search}>
      <label className="visually-hidden" htmlFor={id}>
        Search prompts, names, models and notes
      </label>
      <Icon name="search" />
      <input
        ref={input}
        id={id}
        className={styles.input}
        type="search"
        value={text}
        placeholder="Search"
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || event.nativeEvent.isComposing) return;
          if (text === "") input.current?.blur();
          setText("");
        }}
      />
      {key && text === "" && <kbd className={styles.key}>{key}</kbd>}
    </search>
  );
}
