// The operations on controllers as commands: what an answer's one text says, and the state that a command may name.
import { expect, test } from "vitest";
import { whyOf } from "../../core/control/performer.ts";
import { controllerHandlers } from "../../core/controllers/handlers.ts";
import type { ControllerOperations } from "../../core/controllers/operations.ts";
import { ActionableError } from "../../core/errors.ts";
import type { ControllerState } from "../../core/status/controller-facts.ts";

function handlersOf(failure: Error | null, told: ControllerState = "off") {
  const operation = async () => {
    if (failure !== null) throw failure;
    return { name: "work", state: "running" };
  };
  const operations: ControllerOperations = {
    ...{ vmStart: operation, vmStop: operation, vmKill: operation, vmPause: operation, vmSwitch: operation },
    ...{ vmConsole: operation, stateOf: async () => "running" },
  };
  return controllerHandlers({ operations, known: () => [{ name: "work", state: told }] });
}

const context = (ifState: string | null) => ({
  ...{ id: "0", principal: "ada", ifState, signal: new AbortController().signal },
  ...{ progress: () => {}, changeWithRevert: async () => {} },
});

/** As the command's result tells it. */
async function answer(failure: Error): Promise<string> {
  const error = await handlersOf(failure)
    ["vm.start"]?.({ name: "work" }, context(null))
    .catch((cause: unknown) => cause);
  return whyOf(error).text;
}

const failure = (code: string, hint?: string) =>
  new ActionableError({
    ...{ code, exit: 5, message: "It failed." },
    ...{ evidence: ["Failed to start domain 'work'", "Cannot access storage file"], ...(hint ? { hint } : {}) },
  });

test("what libvirt said last is told", async () => {
  expect(await answer(failure("vm-refused", "Look at its log"))).toBe("It failed. Cannot access storage file");
});

test("where the reason is our own, what to do is told", async () => {
  expect(await answer(failure("vm-still-running", "End it: vm.kill."))).toBe("It failed. End it: vm.kill.");
  expect(await answer(failure("vm-same"))).toBe("It failed.");
});

test("another error stays as it is", async () => {
  expect(await answer(new TypeError("no such thing"))).toBe("no such thing");
});

test("a state that libvirt does not know counts as the status tells it", async () => {
  const start = handlersOf(null, "silent")["vm.start"];
  await expect(start?.({ name: "work" }, context("running"))).rejects.toMatchObject({ code: "state" });
  expect(await start?.({ name: "work" }, context("silent"))).toMatchObject({ text: "work is started." });
});
