// The operations on existing controllers: vm.start, vm.stop, vm.kill, vm.pause, vm.switch, vm.console.
import { ActionableError, EXIT, ProgramError } from "../errors.ts";
import { scrub } from "../inventory/scrub.ts";
import type { Run } from "../tools/run.ts";
import type { ConsoleRelay } from "./console-relay.ts";
import { parseDomainXml } from "./domain-xml.ts";
import { type CoarseState, type Found, findController } from "./find-controller.ts";
import { type Arguments, choiceFrom, flagFrom, nameFrom, onlyKnown, secondsFrom } from "./operation-arguments.ts";
import { SYSTEM_URI, type Virsh, virshBatch } from "./virsh.ts";

export interface OperationContext {
  signal: AbortSignal;
  /** One line of what is going on, for whoever waits. */
  progress(text: string): void;
  /** Who signed. */
  principal: string;
}

/** Throws ActionableError for what a person can act on. */
export type Operation = (args: Arguments, context: OperationContext) => Promise<Record<string, unknown>>;

export interface OperationPorts {
  run: Run;
  /** Resolves after so many milliseconds, or rejects when aborted. */
  rest(ms: number, signal: AbortSignal): Promise<void>;
  console: ConsoleRelay;
  /** Of libvirt; the system's QEMU by default. */
  uri?: string;
}

export interface ControllerOperations {
  vmStart: Operation;
  vmStop: Operation;
  vmKill: Operation;
  vmPause: Operation;
  vmSwitch: Operation;
  vmConsole: Operation;
  /** For `ifState`: the state of a controller now, as far as libvirt itself knows it. Throws as findController does. */
  stateOf(name: string): Promise<CoarseState>;
}

const START_MS = 120_000;
const END_MS = 60_000;
/** libvirt waits a minute for an agent that hangs before it presses the button. */
const SHUTDOWN_MS = 90_000;
/** As core/control/operations.ts lets them through. */
const STOP_SECONDS = { least: 1, most: 3_600, usual: 120 };
/** A guest that is still booting misses the first press. */
const PRESS_AGAIN_SECONDS = 30;

export function makeControllerOperations(ports: OperationPorts): ControllerOperations {
  const virsh: Virsh = { run: ports.run, uri: ports.uri ?? SYSTEM_URI };
  const find = (name: string, signal: AbortSignal) => findController(virsh, name, signal);

  /** One changing command of virsh on one domain. */
  async function change(
    found: Found,
    command: readonly string[],
    what: string,
    timeoutMs: number,
    signal: AbortSignal,
  ) {
    const [word = "", ...rest] = command;
    try {
      await virsh.run(["virsh", "-q", "-c", virsh.uri, word, found.uuid, ...rest], { timeoutMs, signal });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ProgramError) throw refused(found, what, error);
      throw error;
    }
  }

  async function start(found: Found, { signal, progress }: OperationContext): Promise<CoarseState> {
    if (found.id !== null) {
      if (found.life.kind === "running" || found.life.kind === "ending") {
        throw unfit("vm-already-running", found, "is already on");
      }
      throw unfit("vm-paused", found, "is paused", "Let it go on (vm.pause with resume), or end it: vm.kill.");
    }
    progress(`Starting ${scrub(found.name)}`);
    await change(found, ["start"], "start", START_MS, signal);
    return "running";
  }

  async function stop(found: Found, seconds: number, context: OperationContext): Promise<CoarseState> {
    const { signal, progress } = context;
    mustBeOn(found);
    if (found.life.kind === "paused" || found.life.kind === "failed") {
      throw unfit(
        "vm-paused",
        found,
        "is paused, so it cannot hear that it should stop",
        "Let it go on (vm.pause with resume), or use vm.kill.",
      );
    }
    progress(`Asking ${scrub(found.name)} to shut down`);
    await change(found, ["shutdown"], "stop", SHUTDOWN_MS, signal);
    for (let waited = 0; waited < seconds; waited++) {
      const now = await find(found.name, signal);
      if (now.id === null) return now.state;
      // Started again meanwhile, by itself or by somebody: the run that was to end has ended.
      if (now.id !== found.id) return now.state;
      if (waited > 0 && waited % PRESS_AGAIN_SECONDS === 0) {
        progress(`${scrub(found.name)} has not shut down for ${waited} s; asking again`);
        await change(found, ["shutdown", "--mode", "acpi"], "stop", END_MS, signal).catch(() =>
          signal.throwIfAborted(),
        );
      }
      await ports.rest(1_000, signal);
    }
    throw unfit(
      "vm-still-running",
      found,
      `was asked to shut down and is still running after ${seconds} s`,
      "Wait, look at its console (vm.console), or end it without asking: vm.kill.",
      EXIT.stepFailed,
    );
  }

  async function pause(found: Found, { signal }: OperationContext): Promise<CoarseState> {
    mustBeOn(found);
    if (found.life.kind === "paused") throw unfit("vm-already-paused", found, "is already paused");
    await change(found, ["suspend"], "pause", END_MS, signal);
    return "paused";
  }

  async function resume(found: Found, { signal }: OperationContext): Promise<CoarseState> {
    mustBeOn(found);
    if (found.life.kind === "running") throw unfit("vm-already-running", found, "is not paused");
    await change(found, ["resume"], "let go on", END_MS, signal);
    return "running";
  }

  const one =
    (
      known: readonly string[],
      act: (found: Found, args: Arguments, context: OperationContext) => Promise<CoarseState>,
    ): Operation =>
    async (args, context) => {
      onlyKnown(args, ["name", ...known]);
      const found = await find(nameFrom(args), context.signal);
      return { name: found.name, state: await act(found, args, context) };
    };

  return {
    vmStart: one([], (found, _, context) => start(found, context)),
    vmStop: one(["seconds"], (found, args, context) =>
      stop(found, secondsFrom(args, "seconds", STOP_SECONDS), context),
    ),
    vmKill: one([], async (found, _, { signal }) => {
      mustBeOn(found);
      await change(found, ["destroy"], "end", END_MS, signal);
      return "off";
    }),
    vmPause: one(["resume"], (found, args, context) =>
      flagFrom(args, "resume") ? resume(found, context) : pause(found, context),
    ),

    /** `left` says what becomes of `from`; what it held (devices, memory) must be free before the other one starts. */
    async vmSwitch(args, context) {
      onlyKnown(args, ["from", "to", "left"]);
      const left = choiceFrom(args, "left", ["pause", "stop", "run"], "pause");
      const to = await find(nameFrom(args, "to"), context.signal);
      const from = args.from === undefined ? null : await find(nameFrom(args, "from"), context.signal);
      if (from !== null && from.uuid === to.uuid) throw unfit("vm-same", to, "cannot be left for itself");
      let fromState = from?.state ?? null;
      const leaving = from !== null && from.id !== null && from.life.kind === "running";
      if (leaving && left === "stop") fromState = await stop(from, STOP_SECONDS.usual, context);
      if (leaving && left === "pause") fromState = await pause(from, context);
      try {
        const paused = to.life.kind === "paused";
        const toState = paused ? await resume(to, context) : to.id === null ? await start(to, context) : to.state;
        return {
          to: { name: to.name, state: toState },
          from: from === null ? null : { name: from.name, state: fromState },
        };
      } catch (error) {
        // Nobody should be left with two controllers that do not run.
        if (leaving && left === "pause") {
          context.progress(`${scrub(to.name)} did not start; letting ${scrub(from.name)} go on`);
          await change(from, ["resume"], "let go on", END_MS, new AbortController().signal).catch(() => {});
        }
        throw error;
      }
    },

    async vmConsole(args, { signal }) {
      onlyKnown(args, ["name"]);
      const found = await find(nameFrom(args), signal);
      mustBeOn(found);
      const { answers } = await virshBatch(virsh, [`dumpxml ${found.uuid}`], {
        readOnly: true,
        timeoutMs: END_MS,
        signal,
      });
      const tty = parseDomainXml(answers[0] ?? "")?.consoleTty ?? null;
      if (tty === null) {
        throw unfit(
          "vm-no-console",
          found,
          "has no console that can be opened",
          "Give its domain a <console type='pty'/>.",
        );
      }
      return { name: found.name, ...(await ports.console.open(tty)) };
    },

    stateOf: async (name) => (await findController(virsh, name)).state,
  };
}

function mustBeOn(found: Found): void {
  if (found.id === null) throw unfit("vm-off", found, "is off", "Start it first: vm.start.");
}

function unfit(
  code: string,
  found: Found,
  is: string,
  hint?: string,
  exit: ActionableError["exit"] = EXIT.refused,
): ActionableError {
  return new ActionableError({
    ...{ code, exit, message: `${scrub(found.name)} ${is}.`, evidence: [`libvirt says: ${found.life.kind}`] },
    ...(hint === undefined ? {} : { hint }),
  });
}

function refused(found: Found, what: string, error: ProgramError): ActionableError {
  const said = error.stderr
    .split("\n")
    .flatMap((line) => (line.trim() === "" ? [] : [scrub(line.replace(/^error: /, ""))]));
  return new ActionableError({
    ...{ code: "vm-refused", exit: EXIT.stepFailed, cause: error },
    message: `libvirt could not ${what} ${scrub(found.name)}.`,
    evidence: said.length > 0 ? said.slice(-6) : [error.message],
    hint: "Its log is /var/log/libvirt/qemu/, its definition: virsh edit",
  });
}
