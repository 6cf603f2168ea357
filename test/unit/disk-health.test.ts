import { expect, test } from "vitest";
import { ProgramError } from "../../core/errors.ts";
import { diskHealth, parseHealth } from "../../core/inventory/health.ts";
import type { Run } from "../../core/tools/run.ts";

const UNKNOWN = { passed: null, temperature: null, hours: null };

test.each([
  ["", UNKNOWN],
  ["smartctl 7.4: no such device", UNKNOWN],
  ["[]", UNKNOWN],
  ['{"smart_status": {"passed": "yes"}}', UNKNOWN],
  ['{"smartctl": {"exit_status": 2}}', UNKNOWN],
  [
    '{"smart_status": {"passed": false}, "temperature": {"current": 61}}',
    { passed: false, temperature: 61, hours: null },
  ],
  [
    '{"smart_status": {"passed": true, "nvme": {"value": 0}}, "temperature": {"current": 38}, "power_on_time": {"hours": 8760}}',
    { passed: true, temperature: 38, hours: 8760 },
  ],
])("what smartctl says: %s", (text, expected) => {
  expect(parseHealth(text)).toEqual(expected);
});

test("a machine without smartctl, and one whose disk is failing (exit status 8), are both answered", async () => {
  const missing: Run = Object.assign(
    async (argv: Parameters<Run>[0]) => {
      throw new ProgramError(argv, "missing", null, "");
    },
    { pipe: async () => {} },
  );
  expect(await diskHealth(missing, "/dev/sda")).toEqual(UNKNOWN);
  const failing: Run = Object.assign(
    async (argv: Parameters<Run>[0], options: Parameters<Run>[1]) => {
      expect(options?.ok).toContain(8);
      return { argv, exit: 8, stdout: '{"smart_status": {"passed": false}}', stderr: "" };
    },
    { pipe: async () => {} },
  );
  expect((await diskHealth(failing, "/dev/sda")).passed).toBe(false);
});
