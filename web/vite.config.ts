import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// While developing: `RUSHES_TOKEN=… npm run dev` beside a running `rushes studio`.
const studio = process.env.RUSHES_STUDIO ?? "http://127.0.0.1:8765";
const toStudio = {
  target: studio,
  changeOrigin: true,
  headers: { origin: studio, authorization: `Bearer ${process.env.RUSHES_TOKEN ?? ""}` },
};

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "../src/rushes/server/page",
    emptyOutDir: true,
    // The content policy allows no data: addresses, so every file stays a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": toStudio, "/media": toStudio } },
  test: { include: ["src/**/*.test.ts"] },
});
