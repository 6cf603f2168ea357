// Bundles a program of the tests into one file, as the real one is shipped.
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "rolldown";

export interface Bundle {
  file: string;
  remove: () => void;
}

export async function bundle(input: string): Promise<Bundle> {
  const folder = mkdtempSync(join(tmpdir(), "multiverse-bundle-"));
  const file = join(folder, "program.mjs");
  symlinkSync(new URL("../../node_modules", import.meta.url).pathname, join(folder, "node_modules"));
  await build({
    input,
    platform: "node",
    // It has a compiled part, which stays where it is.
    external: ["node-pty"],
    logLevel: "silent",
    plugins: [
      {
        // Ink asks for it in development only, and it is not installed.
        name: "without-devtools",
        resolveId: (id) => (id === "react-devtools-core" ? "\0nothing" : null),
        load: (id) => (id === "\0nothing" ? "export default {};" : null),
      },
    ],
    transform: { define: { "process.env.NODE_ENV": '"production"' } },
    output: { file, format: "esm", codeSplitting: false },
  });
  return { file, remove: () => rmSync(folder, { recursive: true }) };
}
