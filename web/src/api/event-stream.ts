/**
 * The studio's events, over one connection for all windows of this browser.
 *
 * A browser opens at most six connections to one origin. With a stream for each window, the seventh
 * window would wait for ever. So the window that holds a lock has the stream, and passes on to the
 * others what it hears. When it is closed, the lock goes to another window, whose new stream begins
 * with `reset`: everybody asks again, so nothing is missed.
 */

/** `locked`: the studio is there and does not know this browser any more. */
export type Connection = "connecting" | "live" | "lost" | "locked";

export interface Listener {
  hear: (name: string, data: string) => void;
  report: (connection: Connection) => void;
}

type Passed =
  | { type: "event"; name: string; data: string }
  | { type: "connection"; connection: Connection }
  | { type: "question" };

const ADDRESS = "/api/events";
const NAME = "rushes-events";
const NAMES = ["generation", "asset", "notice", "project", "removed", "reset"];
const REOPEN_AFTER_MS = 3000;
const UNAUTHORIZED = 401;

/** Follow the events until the result is called. */
export function followEvents(listener: Listener): () => void {
  // Both are missing where a page does not count as secure: by plain HTTP from another machine.
  const canShare = "locks" in navigator && "BroadcastChannel" in window;
  return canShare ? shareStream(listener) : openStream(listener);
}

function shareStream(listener: Listener): () => void {
  const channel = new BroadcastChannel(NAME);
  const end = new AbortController();
  let mine: Connection | null = null;
  const pass = (message: Passed) => channel.postMessage(message);

  channel.addEventListener("message", ({ data: message }: MessageEvent<Passed>) => {
    if (message.type === "event") listener.hear(message.name, message.data);
    if (message.type === "connection") listener.report(message.connection);
    if (message.type === "question" && mine) pass({ type: "connection", connection: mine });
  });
  pass({ type: "question" });

  const lead = () =>
    new Promise<void>((resolve) => {
      const close = openStream({
        hear: (name, data) => {
          listener.hear(name, data);
          pass({ type: "event", name, data });
        },
        report: (connection) => {
          mine = connection;
          listener.report(connection);
          pass({ type: "connection", connection });
        },
      });
      end.signal.addEventListener("abort", () => {
        close();
        resolve();
      });
    });

  navigator.locks.request(NAME, { signal: end.signal }, lead).catch((error: unknown) => {
    if (!end.signal.aborted) throw error;
  });
  return () => {
    end.abort();
    channel.close();
  };
}

function openStream({ hear, report }: Listener): () => void {
  let source: EventSource;
  let reopening: number | undefined;
  let isEnded = false;

  const open = () => {
    source = new EventSource(ADDRESS);
    source.addEventListener("open", () => report("live"));
    source.addEventListener("error", () => void fail(source.readyState));
    for (const name of NAMES) {
      source.addEventListener(name, ({ data }: MessageEvent<string>) => hear(name, data));
    }
  };
  // The browser reconnects by itself, except after an answer that was not a stream.
  const fail = async (state: number) => {
    if (state !== EventSource.CLOSED) return report("lost");
    const connection = (await isRefused()) ? "locked" : "lost";
    if (isEnded) return;
    report(connection);
    reopening = window.setTimeout(open, REOPEN_AFTER_MS);
  };

  open();
  return () => {
    isEnded = true;
    window.clearTimeout(reopening);
    source.close();
  };
}

/** An event source does not tell why it was refused, so the same is asked once more. */
async function isRefused(): Promise<boolean> {
  const end = new AbortController();
  try {
    const { status } = await fetch(ADDRESS, { signal: end.signal });
    return status === UNAUTHORIZED;
  } catch {
    return false; // nobody answers: that is not a refusal
  } finally {
    end.abort();
  }
}
