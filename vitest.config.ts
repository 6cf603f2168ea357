// No test may depend on how busy the machine is: the only deadline is one that nothing slow but healthy reaches.
import { defineConfig } from "vitest/config";

// Any CI variable makes Ink draw one frame at the end instead of a screen.
delete process.env.CI;

export default defineConfig({
  test: {
    include: ["test/unit/**/*.test.ts", "test/screens/**/*.test.{ts,tsx}", "test/pty/**/*.test.{ts,tsx}"],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    environment: "node",
    // On two processors vitest would leave one idle.
    maxWorkers: "100%",
    // Level 2 passes both the 8 and the 256 colours of the tones on; which are used is the surface's matter.
    env: { FORCE_COLOR: "2" },
  },
});
