// No test may depend on how busy the machine is: the only deadline is one that nothing slow but healthy reaches.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Any CI variable makes Ink draw one frame at the end instead of a screen.
delete process.env.CI;
// React as it is shipped: its development build keeps a stack trace of every element, a third of what the screens' tests cost.
process.env.NODE_ENV = "production";

export default defineConfig({
  test: {
    include: ["test/unit/**/*.test.ts", "test/screens/**/*.test.{ts,tsx}", "test/pty/**/*.test.{ts,tsx}"],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    environment: "node",
    // On two processors vitest would leave one idle.
    maxWorkers: "100%",
    // Tests give back what they change (stubs, timers, folders), and no module holds what one of them could leave to the
    // next: a process for each file would cost as much as half of the tests.
    isolate: false,
    // What is drawn is thousands of short-lived cells a frame: with the usual 16 MiB for what is young, collecting them
    // costs a second thread.
    execArgv: ["--max-semi-space-size=64"],
    // Level 2 passes both the 8 and the 256 colours of the tones on; which are used is the surface's matter.
    // Programs of ours that tests start are TypeScript: their types are stripped once.
    env: { FORCE_COLOR: "2", NODE_COMPILE_CACHE: fileURLToPath(new URL("node_modules/.cache/tests", import.meta.url)) },
  },
});
