import { createContext, type ReactNode, useCallback, useContext, useState } from "react";

const Announce = createContext<(message: string) => void>(() => undefined);

/** Says a short message to assistive technology without moving the focus. */
export const useAnnounce = () => useContext(Announce);

export function Announcer({ children }: { children: ReactNode }) {
  const [message, setMessage] = useState({ text: "", turn: 0 });
  const announce = useCallback(
    (text: string) => setMessage(({ turn }) => ({ text, turn: turn + 1 })),
    [],
  );
  return (
    <Announce value={announce}>
      {children}
      {/* Said outright: what stands behind a dialog is hidden, but for what is marked as live. */}
      <div className="visually-hidden" role="status" aria-live="polite">
        {/* The key makes the same words twice two messages. */}
        <span key={message.turn}>{message.text}</span>
      </div>
    </Announce>
  );
}
