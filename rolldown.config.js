// Bundles the program into a few files: it starts in a quarter of the time that the loose modules take.
import { readFileSync } from "node:fs";

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));

export default {
  input: "bin/main.ts",
  platform: "node",
  // has a compiled part, and is loaded only where a pane needs it; rescue/program-layer.ts puts it next to the bundle
  external: ["node-pty"],
  // Ink asks for it in development only; false is an empty module
  resolve: { alias: { "react-devtools-core": false } },
  transform: {
    define: {
      __MULTIVERSE_VERSION__: JSON.stringify(version),
      // development React keeps more and more in a program that runs for days
      "process.env.NODE_ENV": JSON.stringify("production"),
    },
  },
  // Chunks, because what a first screen does not need is loaded later; in one file Ink's top-level await would wait for itself.
  output: {
    dir: "dist",
    cleanDir: true,
    format: "esm",
    minify: false,
    entryFileNames: "multiverse.mjs",
    chunkFileNames: "chunks/[name]-[hash].mjs",
  },
};
