import { useCallback, useState } from "react";
import { useImportFile } from "../../api/assets";
import { problemOf } from "../../api/request";
import type { Problem } from "../../api/shapes";

export interface Import {
  id: number;
  name: string;
  size: number;
  state: "waiting" | "sending" | "done" | "refused";
  /** Bytes that have been sent. */
  sent: number;
  problem: Problem | null;
}

let newest = 0;

/** Files on their way into a project, one after the other: one that is refused stops no other. */
export function useImports(projectId: string) {
  const [imports, setImports] = useState<readonly Import[]>([]);
  const importFile = useImportFile(projectId);

  const bring = useCallback(
    async (files: readonly File[]) => {
      const note = (id: number, change: Partial<Import>) =>
        setImports((all) => all.map((one) => (one.id === id ? { ...one, ...change } : one)));
      const queue = files.map((file) => {
        newest += 1;
        return { id: newest, file };
      });
      const added = queue.map(({ id, file: { name, size } }): Import => {
        return { id, name, size, state: "waiting", sent: 0, problem: null };
      });
      setImports((all) => [...all, ...added]);
      for (const { id, file } of queue) {
        note(id, { state: "sending" });
        try {
          await importFile(file, (sent) => note(id, { sent }));
          note(id, { state: "done" });
        } catch (error) {
          note(id, { state: "refused", problem: problemOf(error) });
        }
      }
    },
    [importFile],
  );
  const clear = useCallback(
    () =>
      setImports((all) => all.filter(({ state }) => state === "waiting" || state === "sending")),
    [],
  );
  return { imports, bring, clear };
}
