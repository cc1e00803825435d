/** Who may import whom: app → features → shared pieces, and no feature knows another. */
import { expect, test } from "vitest";

const sources = import.meta.glob<string>("./**/*.{ts,tsx}", {
  query: "?raw",
  import: "default",
  eager: true,
});

const imports = Object.entries(sources).flatMap(([file, text]) =>
  [...text.matchAll(/from "(\.[^"]+)"|import "(\.[^"]+)"/g)].map((found) => ({
    from: file,
    to: resolved(file, found[1] ?? found[2] ?? ""),
  })),
);

test("features do not import each other", () => {
  const wrong = imports.filter(({ from, to }) => {
    const [importer, imported] = [featureOf(from), featureOf(to)];
    return importer !== null && imported !== null && importer !== imported;
  });
  expect(wrong).toEqual([]);
});

test("shared pieces import neither features nor the app, and features not the app", () => {
  const wrong = imports.filter(({ from, to }) => layerOf(to) > layerOf(from));
  expect(wrong).toEqual([]);
});

test("the test sees the imports it is about", () => {
  expect(imports.some(({ to }) => featureOf(to) === "viewer")).toBe(true);
  expect(imports.length).toBeGreaterThan(100);
});

function resolved(file: string, target: string): string {
  return new URL(target, new URL(file, "file:///")).pathname;
}

function featureOf(path: string): string | null {
  return /\/features\/([^/]+)\//.exec(path)?.[1] ?? null;
}

function layerOf(path: string): number {
  if (path.includes("main.tsx") || path.includes("/app/")) return 2;
  return featureOf(path) === null ? 0 : 1;
}
