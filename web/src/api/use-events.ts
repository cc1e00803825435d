/** Each event is written into the cache as it comes. */
import type { QueryClient } from "@tanstack/react-query";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type Connection, followEvents } from "./event-stream";
import { askAgain, hear, listAgain, now } from "./live";
import { hearNotice } from "./notices";
import { hearProject } from "./projects";

export function useEvents(): Connection {
  const client = useQueryClient();
  const [connection, setConnection] = useState<Connection>("connecting");
  useEffect(
    () =>
      followEvents({
        hear: (name, data) => write(client, name, data),
        report: setConnection,
      }),
    [client],
  );
  return connection;
}

function write(client: QueryClient, name: string, data: string): void {
  const body = JSON.parse(data);
  if (name === "generation" || name === "asset") hear(client, name, [body], now());
  if (name === "project") hearProject(client, body);
  if (name === "notice") hearNotice(client, body);
  if (name === "removed") listAgain(client);
  // Comes first on a fresh stream, and when too much was missed: the lists are asked for again.
  if (name === "reset") void askAgain(client);
}
