/** One stream of events for the tab: each is written into the cache as it comes. */
import type { QueryClient } from "@tanstack/react-query";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { askAgain, hear, listAgain, now } from "./live";
import { projectsKey, withProject } from "./projects";
import type { Asset, Generation, Project, ProjectList } from "./shapes";

export type Connection = "connecting" | "live" | "lost";

const REOPEN_AFTER_MS = 3000;

export function useEvents(): Connection {
  const client = useQueryClient();
  const [connection, setConnection] = useState<Connection>("connecting");
  useEffect(() => follow(client, setConnection), [client]);
  return connection;
}

function follow(client: QueryClient, report: (connection: Connection) => void): () => void {
  let source: EventSource;
  let reopening: number | undefined;

  const open = () => {
    source = new EventSource("/api/events");
    source.addEventListener("open", () => report("live"));
    source.addEventListener("error", () => {
      report("lost");
      // The browser reconnects by itself, except after an answer that was not a stream.
      if (source.readyState === EventSource.CLOSED) {
        reopening = window.setTimeout(open, REOPEN_AFTER_MS);
      }
    });
    listen(source, client);
  };

  open();
  return () => {
    window.clearTimeout(reopening);
    source.close();
  };
}

function listen(source: EventSource, client: QueryClient): void {
  const on = <T>(name: string, handle: (body: T) => void) =>
    source.addEventListener(name, (event: MessageEvent<string>) => handle(JSON.parse(event.data)));

  on<Generation>("generation", (generation) => hear(client, "generation", [generation], now()));
  on<Asset>("asset", (asset) => hear(client, "asset", [asset], now()));
  on<Project>("project", (project) =>
    client.setQueryData<ProjectList>(projectsKey, (list) => withProject(list, project)),
  );
  // Comes first on a fresh stream, and when too much was missed: the lists are asked for again.
  source.addEventListener("reset", () => void askAgain(client));
  source.addEventListener("removed", () => listAgain(client));
}
