import { expect, test } from "vitest";
import { refusedSince, sight } from "./sightings";

const CLIP = "https://media.test/clip.mp4?signature=x";

test("only what was refused of this address, and since then, counts", () => {
  sight({ kind: "content", address: CLIP, at: 10 });
  sight({ kind: "embedder", address: "https://media.test/other.mp4", at: 30 });
  expect(refusedSince(CLIP, 5)).toEqual({ content: true, embedder: false });
  expect(refusedSince(`${CLIP}#t=1`, 5)).toEqual({ content: true, embedder: false });
  expect(refusedSince(CLIP, 20)).toEqual({ content: false, embedder: false });
  expect(refusedSince("https://media.test/clip.mp4", 5).content).toBe(false);
});

test("a page that is open for weeks keeps no more than the newest", () => {
  for (let at = 0; at < 500; at++) sight({ kind: "content", address: `https://m.test/${at}`, at });
  expect(refusedSince("https://m.test/0", 0).content).toBe(false);
  expect(refusedSince("https://m.test/499", 0).content).toBe(true);
});
