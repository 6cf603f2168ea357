// host.reboot and host.poweroff: what systemd is asked, and what is said when it refuses.
import { expect, test } from "vitest";
import type { CommandContext } from "../../core/control/handlers.ts";
import { hostOperations } from "../../core/control/host-operations.ts";
import { ProgramError } from "../../core/errors.ts";
import type { Run } from "../../core/tools/run.ts";

const CONTEXT: CommandContext = {
  ...{ id: "1", principal: "grace", ifState: null, signal: new AbortController().signal },
  progress: () => {},
  changeWithRevert: () => Promise.reject(new Error("not used")),
};

function recorded(answer: () => Promise<never> | undefined = () => undefined) {
  const asked: string[][] = [];
  const start = async (argv: readonly string[]) => {
    asked.push([...argv]);
    await answer();
    return { exit: 0, stdout: "", stderr: "" };
  };
  return { asked, run: start as unknown as Run };
}

test("a second one while the first is on its way is told so", async () => {
  const stderr = "Failed to start transient timer unit: Unit multiverse-end-of-host.timer was already loaded.";
  const { run } = recorded(() => Promise.reject(new ProgramError(["systemd-run"], "exit", 1, stderr)));
  await expect(hostOperations(run)["host.poweroff"]?.({}, CONTEXT)).rejects.toThrow(/already\.$/);
});

test("any other failure keeps systemd's own words", async () => {
  const { run } = recorded(() => Promise.reject(new ProgramError(["systemd-run"], "exit", 1, "Access denied")));
  await expect(hostOperations(run)["host.reboot"]?.({}, CONTEXT)).rejects.toThrow(/Access denied/);
});

// ctl was killed with its session before it had shown the reply, and nobody knew whether the host had obeyed.
test("the host goes by a timer of systemd's, after the reply", async () => {
  const { asked, run } = recorded();
  const outcome = await hostOperations(run)["host.reboot"]?.({}, CONTEXT);
  expect(outcome?.text).toBe("The host restarts in 10 seconds.");
  expect(asked).toHaveLength(1);
  const words = asked[0] ?? [];
  expect(words[0]).toBe("systemd-run");
  expect(words).toContain("--on-active=10s");
  expect(words.slice(words.indexOf("--") + 1, words.indexOf("--") + 3)).toEqual(["systemctl", "reboot"]);
});
