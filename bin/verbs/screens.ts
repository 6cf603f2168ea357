// `multiverse` without a verb, or `multiverse screens`: opens the screens, or draws one frame of them.
import { setFlagsFromString } from "node:v8";
import { ActionableError, EXIT } from "../../core/errors.ts";
import { packageHome } from "../../core/package-home.ts";
import { RUN } from "../../screens/place.ts";
import { MACHINE } from "../shared-options.ts";
import type { Verb } from "../verb.ts";
import { version } from "../version.ts";

export const screensVerb: Verb = {
  name: "screens",
  summary: "open the screens that fit the place; the same as multiverse without a verb",
  usage: "[screens] [--screen NAME] [--once] [--demo] [--machine FILE] [--daemon DIR] [--reader]",
  about: [
    "On the rescue system this is the installer, on an installed host its status. On another machine the installer looks",
    "at that machine; a plan needs something to install from, which only the rescue system and other Multiverse media",
    "have. --demo works without root: a made-up machine that nothing is done to.",
  ],
  options: {
    screen: { value: "NAME", says: "open this screen; a wrong name lists them" },
    once: { says: "write one frame to standard output and end" },
    demo: { says: "a made-up machine: everything can be tried, nothing is real" },
    machine: MACHINE,
    daemon: {
      value: "DIR",
      says: `where the multiversed whose host is shown has its sockets; default ${RUN}`,
      default: RUN,
    },
    reader: { says: "for screen readers: no frames and bars, words in reading order" },
  },
  examples: [
    {
      line: "multiverse screens",
      does: "the same as multiverse alone: the installer, or the screen that fits the place",
    },
    { line: "multiverse screens --demo", does: "the installer on a made-up machine; multiverse --demo is the same" },
    { line: "multiverse screens --demo --screen review --once", does: "one frame of the review" },
    { line: "multiverse screens --demo --screen status", does: "the status of a made-up host" },
    { line: "multiverse screens --machine jupiter.json", does: "the installer on a recorded machine, to look at" },
  ],
  words: [0, 0],
  async run({ run, signal }, args) {
    const once = args.has("once");
    if (!once && !(process.stdin.isTTY && process.stdout.isTTY)) {
      throw new ActionableError({
        code: "no-terminal",
        exit: EXIT.usage,
        message: "The screens need a terminal.",
        hint: "Run it in one, draw one frame with --once, or use a verb: multiverse --help",
      });
    }
    // Drawing makes much that is garbage at once: without this V8 lets its heap grow by half before it looks for any.
    setFlagsFromString("--optimize-for-size");
    // Before Ink is loaded, which decides on colours then.
    const { describePlace } = await import("../../screens/surface-of-terminal.ts");
    const terminal = describePlace(args.has("reader"), once);
    const { openPlace } = await withoutFetch(() => import("../../screens/open-place.ts"));
    return openPlace({
      ...{ run, signal, once, terminal, demo: args.has("demo"), home: packageHome(), version: version() },
      ...{
        screen: args.value("screen") ?? null,
        daemon: args.value("daemon") ?? RUN,
        machine: args.value("machine") ?? null,
      },
    });
  },
};

/**
 * Ink's layout engine, Yoga, fetches the WebAssembly that it carries itself wherever there is a fetch(), and Node loads
 * all of its HTTP client for that: 60 ms of a start. Without one it decodes it.
 */
async function withoutFetch<Module>(load: () => Promise<Module>): Promise<Module> {
  const fetch = Object.getOwnPropertyDescriptor(globalThis, "fetch");
  Reflect.deleteProperty(globalThis, "fetch");
  try {
    return await load();
  } finally {
    if (fetch !== undefined) Object.defineProperty(globalThis, "fetch", fetch);
  }
}

/** Whether these words are for the screens rather than for a verb. */
export function isForScreens(words: readonly string[]): boolean {
  const [first] = words;
  if (first === undefined) return true;
  const name = /^--([a-z-]+)(=|$)/.exec(first)?.[1];
  return name !== undefined && Object.hasOwn(screensVerb.options, name);
}
