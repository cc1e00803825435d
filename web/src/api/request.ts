/** Ask the studio. Every failure becomes a `ProblemError`: what was observed, in words. */
import type { Problem } from "./shapes";

export class ProblemError extends Error {
  constructor(
    readonly problem: Problem,
    readonly status: number | null,
  ) {
    super(problem.title);
  }
}

/** What the studio knows by heart is there at once: a question that hangs is one that was lost. */
export const PATIENCE_MS = 15_000;

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), PATIENCE_MS);
  try {
    const either = signal ? AbortSignal.any([signal, limit.signal]) : limit.signal;
    return await getSlowly<T>(path, either);
  } catch (error) {
    if (limit.signal.aborted && !signal?.aborted) throw unreachable();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** What takes as long as it takes: files are read for it, or media hosts asked. */
export function getSlowly<T>(path: string, signal?: AbortSignal): Promise<T> {
  return send(path, signal ? { signal } : {});
}

export function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return send(path, { ...asJson("POST", body), ...(signal ? { signal } : {}) });
}

/** What the studio says of an address of its own when it is asked for one byte. */
export async function askForOneByte(path: string, signal: AbortSignal) {
  const headers = { range: "bytes=0-0" };
  const response = await answer(path, { headers, signal, cache: "no-store" });
  if (response.ok) {
    await response.body?.cancel();
    return { status: response.status, problem: null };
  }
  const body: unknown = await response.json().catch(() => null);
  return { status: response.status, problem: refusal(response, body) };
}

export function patch<T>(path: string, body: unknown): Promise<T> {
  return send(path, asJson("PATCH", body));
}

export function postFile<T>(path: string, name: string, file: File): Promise<T> {
  const body = new FormData();
  body.append(name, file);
  return send(path, { method: "POST", body });
}

export function postFiles<T>(path: string, files: readonly File[]): Promise<T> {
  const body = new FormData();
  for (const file of files) body.append("files", file);
  return send(path, { method: "POST", body });
}

/** As `postFiles` with one file; only this older way of asking tells how much has been sent. */
export function upload<T>(path: string, file: File, onSent: (bytes: number) => void): Promise<T> {
  const body = new FormData();
  body.append("files", file);
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    request.upload.addEventListener("progress", ({ loaded }) => onSent(loaded));
    request.addEventListener("error", () => reject(unreachable()));
    request.addEventListener("load", () => {
      const { status, statusText, responseText } = request;
      const response = new Response(responseText || null, { status, statusText });
      read<T>(response).then(resolve, reject);
    });
    request.open("POST", path);
    request.send(body);
  });
}

export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return problem("unexpected", "Something in this page failed.", String(error));
}

function asJson(method: string, body: unknown): RequestInit {
  const headers = { "content-type": "application/json" };
  return { method, headers, body: JSON.stringify(body) };
}

async function send<T>(path: string, init: RequestInit): Promise<T> {
  return read(await answer(path, init));
}

async function read<T>(response: Response): Promise<T> {
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw new ProblemError(refusal(response, body), response.status);
  if (body === null) throw new ProblemError(unreadable(response), response.status);
  return body as T;
}

async function answer(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    if (isTimeout(error)) throw error;
    throw unreachable();
  }
}

/** Whether it was a signal's time that ran out: it may still be answered. */
export const isTimeout = (error: unknown): boolean =>
  error instanceof DOMException && error.name === "TimeoutError";

const unreachable = (): ProblemError =>
  new ProblemError(
    problem("studio_unreachable", "The studio does not answer.", "", "Start it again."),
    null,
  );

function refusal(response: Response, body: unknown): Problem {
  if (isProblem(body)) return body;
  return problem("refused", `The studio answered ${response.status}.`, response.statusText);
}

function unreadable(response: Response): Problem {
  return problem(
    "answer_unreadable",
    "The studio's answer could not be read.",
    `It was not JSON (status ${response.status}).`,
  );
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "title" in body;
}

function problem(code: string, title: string, detail: string, remedy = ""): Problem {
  return { code, title, detail, remedy, retryable: false, facts: {} };
}
