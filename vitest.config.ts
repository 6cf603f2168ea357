// No test may depend on how busy the machine is: the only deadline is one that nothing slow but healthy reaches.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["test/unit/**/*.test.ts"], testTimeout: 600_000, hookTimeout: 600_000, environment: "node" },
});
