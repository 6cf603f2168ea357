// The tests that need a libvirt: one after the other, for they share one daemon.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/libvirt/**/*.test.ts"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    environment: "node",
    fileParallelism: false,
  },
});
