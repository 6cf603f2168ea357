// The wizard without its screens: what is asked, what is kept, what is skipped, and what reaches the backend.
import { describe, expect, test } from "vitest";
import { ActionableError, EXIT } from "../../core/errors.ts";
import type { InstallEvent } from "../../core/execute/events.ts";
import type { Backend, Failed, InstallWanted } from "../../screens/backend/backend.ts";
import { demoBackend } from "../../screens/demo/backend.ts";
import { DISK, HASH, OPEN, WHOLE } from "../../screens/demo/specs.ts";
import { demoWizard } from "../../screens/demo/states.ts";
import { Installer } from "../../screens/wizard/installer.ts";
import type { Intent } from "../../screens/wizard/intent.ts";
import type { ScreenName, Wizard } from "../../screens/wizard/model.ts";
import { reduce } from "../../screens/wizard/reduce.ts";
import { watchRun } from "../../screens/wizard/reduce-run.ts";
import { NEW_SPEC, startWizard } from "../../screens/wizard/start.ts";
import { nextScreen, questionsOn, shownSteps } from "../../screens/wizard/steps.ts";
import { SAMPLE_KEY } from "./sample-host.ts";

const PASSPHRASE = "correct horse battery";
const RECOVERY = "staple of another kind";
const PASSWORD = "analytical engine";
const NOT_ENCRYPTED = WHOLE.replace("encryption: passphrase", "encryption: none");

interface Opened {
  installer: Installer;
  /** Every state that there was, the first one included. */
  states: Wizard[];
  endings: string[];
  want(...intents: Intent[]): Promise<void>;
}

function open(initial: Wizard, instead: Partial<Backend> = {}): Opened {
  const endings: string[] = [];
  const backend = demoBackend({ wait: async (_ms, signal) => signal.throwIfAborted(), instead });
  const installer = new Installer({
    ...{ load: async () => backend, initial, now: () => 0 },
    onEnd: (ending) => void endings.push(ending),
  });
  const states = [initial];
  installer.subscribe(() => void states.push(installer.state));
  const want = async (...intents: Intent[]) => {
    for (const intent of intents) installer.intend(intent);
    await installer.settled();
  };
  return { installer, states, endings, want };
}

/** Resolves when the wizard is at one of these screens. */
async function until({ installer }: Opened, ...screens: ScreenName[]): Promise<Wizard> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = () => {
    if (screens.includes(installer.state.screen)) resolve();
  };
  const stop = installer.subscribe(look);
  look();
  await promise;
  stop();
  await installer.settled();
  return installer.state;
}

const fromStick = () => {
  const file = "/stick/multiverse.yml";
  return startWizard({ draft: { name: file, text: "", from: "medium", file }, screen: "looking" });
};

async function startedFrom(text: string, instead: Partial<Backend> = {}): Promise<Opened> {
  const draft = { name: "/stick/multiverse.yml", text, from: "medium" as const, file: "/stick/multiverse.yml" };
  const opened = open(fromStick(), { open: async () => draft, ...instead });
  opened.installer.start();
  await opened.installer.settled();
  return opened;
}

const answer = (path: (string | number)[], value: string): Intent => ({ want: "answer", answers: [{ path, value }] });

describe("only what is open is asked", () => {
  test("a complete spec of the stick goes straight to the review", async () => {
    const { installer } = await startedFrom(NOT_ENCRYPTED);
    expect(installer.state.screen).toBe("review");
    expect(installer.state.judged?.plan).not.toBeNull();
  });

  test("one that is encrypted asks for the passphrases only: no file has them", async () => {
    const { installer } = await startedFrom(WHOLE);
    expect(installer.state.screen).toBe("storage");
    expect(questionsOn(installer.state, "storage").map(({ path }) => path)).toEqual([
      "passphrase",
      "recovery-passphrase",
    ]);
  });

  test.each(["disks", "identity", "values"] as const)(
    "what lacks for %s is asked there, and nowhere else",
    async (screen) => {
      const text = (OPEN[screen] ?? "").replace("encryption: passphrase", "encryption: none");
      const { installer } = await startedFrom(text);
      expect(installer.state.screen).toBe(screen);
      expect(shownSteps(installer.state)).toEqual([screen, "review"]);
      expect(nextScreen(installer.state)).toBe("review");
    },
  );

  test("a spec with mistakes is not believed in part: the first screen stays, and says why", async () => {
    const { installer } = await startedFrom("version: 1\nhots: { name: jupiter }\n");
    expect(installer.state.screen).toBe("looking");
    expect(installer.state.problem?.message).toBeTruthy();
    expect(installer.state.busy).toBeNull();
  });

  test("without a spec the usual questions are counted before the machine is known", () => {
    const wizard = startWizard({ draft: NEW_SPEC, screen: "language" });
    expect(shownSteps(wizard)).toEqual(["language", "target", "spec", "disks", "storage", "identity", "review"]);
  });
});

describe("answers", () => {
  test("from the first question to the review, each answer in the spec", async () => {
    const opened = open(startWizard({ draft: NEW_SPEC, screen: "language" }));
    opened.installer.start();
    await opened.want({ want: "language", language: "de", keyboard: "de" });
    expect(opened.installer.state.screen).toBe("target");
    await opened.want({ want: "next" });
    await opened.want({ want: "start-from", spec: "new" });
    expect(opened.installer.state.screen).toBe("disks");
    await opened.want(answer(["disks", "system"], DISK));
    expect(opened.installer.state.screen).toBe("storage");
    await opened.want({
      ...{ want: "answer", answers: [{ path: ["root", "encryption"], value: "passphrase" }] },
      secrets: { passphrase: PASSPHRASE, recovery: RECOVERY },
    });
    expect(opened.installer.state.screen).toBe("identity");
    await opened.want({
      want: "identity",
      host: "jupiter.example.net",
      user: "ada",
      password: PASSWORD,
      key: "",
      admin: "",
    });
    const { state } = opened.installer;
    expect(state.screen).toBe("review");
    expect(state.judged?.plan?.host).toBe("jupiter.example.net");
    for (const said of [DISK, "de_DE.UTF-8", "jupiter.example.net", "ada", HASH])
      expect(state.draft.text).toContain(said);
    for (const each of opened.states) {
      const { secrets: _, ...rest } = each;
      const text = JSON.stringify(rest);
      for (const secret of [PASSPHRASE, RECOVERY, PASSWORD]) expect(text).not.toContain(secret);
    }
  });

  test("the stick's key is offered, and written with the name of whoever logs in; emptied, nobody commands", async () => {
    const adminKey = async () => SAMPLE_KEY;
    const opened = open(await demoWizard("identity"), { adminKey });
    opened.installer.start();
    await opened.installer.settled();
    expect(opened.installer.state.adminKey).toBe(SAMPLE_KEY);
    const identity = {
      want: "identity",
      host: "jupiter.example.net",
      user: "ada",
      password: PASSWORD,
      key: "",
    } as const;
    await opened.want({ ...identity, admin: SAMPLE_KEY });
    expect(opened.installer.state.judged?.spec?.admins).toEqual([{ name: "ada", key: SAMPLE_KEY, operations: null }]);
    await opened.want({ ...identity, admin: "" });
    expect(opened.installer.state.judged?.spec?.admins).toEqual([]);
  });

  test("one that the rules refuse is not kept: the spec stays as it was, the screen says why", async () => {
    const opened = open(await demoWizard("identity"));
    const before = opened.installer.state.draft.text;
    await opened.want(answer(["host", "name"], "not a name!"));
    const { state } = opened.installer;
    expect(state.draft.text).toBe(before);
    expect(state.screen).toBe("identity");
    expect(state.problem?.evidence.join(" ")).toContain("host.name");
    expect(state.busy).toBeNull();
    await opened.want(answer(["host", "name"], "jupiter.example.net"));
    expect(opened.installer.state.problem).toBeNull();
    expect(opened.installer.state.draft.text).toContain("jupiter.example.net");
  });

  test("going back keeps them", async () => {
    const opened = open(await demoWizard("disks"));
    await opened.want(answer(["disks", "system"], DISK));
    const { text } = opened.installer.state.draft;
    await opened.want({ want: "back" }, { want: "back" });
    expect(opened.installer.state.screen).not.toBe("review");
    expect(opened.installer.state.draft.text).toBe(text);
  });

  test("a value changed from the review leads back there, and says that it is an answer", async () => {
    const opened = open(await demoWizard("review"));
    await opened.want({ want: "change", screen: "values", path: "root.pool" });
    expect(opened.installer.state).toMatchObject({ screen: "values", changing: true, subject: { value: "saturn" } });
    await opened.want(answer(["root", "pool"], "titan"));
    const { state } = opened.installer;
    expect(state).toMatchObject({ screen: "review", changing: false, subject: null });
    expect(state.answered).toContain("root.pool");
    expect(state.judged?.spec?.root).toMatchObject({ pool: "titan" });
    expect(state.back).not.toContain("review");
  });

  test("Esc on the way leads back to the review, with nothing changed", async () => {
    const opened = open(await demoWizard("review"));
    const before = opened.installer.state;
    await opened.want({ want: "change", screen: "identity" });
    await opened.want({ want: "back" });
    expect(opened.installer.state).toMatchObject({ screen: "review", changing: false, draft: before.draft });
  });

  test("after a last value was asked for, going back does not meet an empty screen", async () => {
    const wizard = { ...(await demoWizard("values")), secrets: { passphrase: "", recovery: "" } };
    const opened = open(wizard);
    await opened.want(answer(["host", "timezone"], "Europe/Berlin"));
    expect(opened.installer.state.screen).toBe("review");
    await opened.want({ want: "back" });
    expect(opened.installer.state.screen).toBe("spec");
  });

  test("a keyboard that cannot be set is said, and does not stop anybody", async () => {
    const applyKeyboard = async () => {
      throw new ActionableError({ code: "keyboard-not-set", exit: EXIT.refused, message: "no keyboard", hint: "-" });
    };
    const opened = open(startWizard({ draft: NEW_SPEC, screen: "language" }), { applyKeyboard });
    opened.installer.start();
    await opened.want({ want: "language", language: "pl", keyboard: "pl" });
    expect(opened.installer.state).toMatchObject({ screen: "target", busy: null });
    expect(opened.states.some(({ toast }) => toast?.text === "no keyboard")).toBe(true);
  });
});

const stop = (index: number): InstallEvent => ({
  event: "failed",
  index,
  error: { code: "source-gone", message: "The medium is gone.", evidence: [], hint: "Put it back." },
});

const gone = () =>
  new ActionableError({ code: "source-gone", exit: EXIT.stepFailed, message: "The medium is gone.", hint: "-" });

describe("the install", () => {
  const ready = async (): Promise<Wizard> => ({
    ...(await demoWizard("review")),
    secrets: { passphrase: PASSPHRASE, recovery: RECOVERY },
  });

  test("gets the plan that was read, and forgets the secrets when it is done", async () => {
    const wanted: InstallWanted[] = [];
    const opened = open(await ready(), {
      install: async (each) => {
        wanted.push(each);
        const { plan } = opened.installer.state.judged ?? {};
        if (!plan) throw new Error("no plan");
        return plan;
      },
    });
    const { plan } = opened.installer.state.judged ?? {};
    await opened.want({ want: "install" });
    const state = await until(opened, "done", "failed");
    expect(state.screen).toBe("done");
    expect(wanted).toHaveLength(1);
    expect(wanted[0]).toMatchObject({ hash: plan?.hash, resume: false, secrets: { passphrase: PASSPHRASE } });
    expect(state.secrets).toEqual({ passphrase: null, recovery: null });
    // What was typed is in the spec: saved, it installs the same again without a question.
    expect(state.draft.text).toContain(DISK);
    expect(state.draft.text).toMatch(/erase:/);
    expect(state.draft.text).not.toContain(PASSPHRASE);
  });

  test("is begun once, however often Enter is pressed", async () => {
    let begun = 0;
    const held = Promise.withResolvers<never>();
    const opened = open(await ready(), {
      install: () => {
        begun += 1;
        return held.promise;
      },
    });
    await opened.want({ want: "install" }, { want: "install" }, { want: "retry" });
    expect(begun).toBe(1);
    expect(opened.installer.state.screen).toBe("running");
    held.reject(gone());
    await until(opened, "failed");
  });

  test("that stops says where and why, and the report knows the secrets to keep them out", async () => {
    const reports: Failed[] = [];
    const opened = open(await ready(), {
      async install(_wanted, onEvent) {
        onEvent({ event: "step", state: "start", index: 3, of: 20, id: "x", title: "third" });
        throw gone();
      },
      essentials: async (failed) => {
        reports.push(failed);
        return "essentials";
      },
    });
    await opened.want({ want: "install" });
    const state = await until(opened, "failed");
    expect(state.failure).toMatchObject({ code: "source-gone" });
    expect(state.run?.at).toBe(2);
    expect(state.essentials).toBe("essentials");
    expect(reports[0]?.secrets.passphrase).toBe(PASSPHRASE);
    const { secrets: _, ...handed } = state;
    for (const secret of [PASSPHRASE, RECOVERY]) expect(JSON.stringify(handed)).not.toContain(secret);
  });

  test("is tried again from where it stopped, and goes on from another source with the same image", async () => {
    const wanted: InstallWanted[] = [];
    const opened = open(await ready(), {
      install: async (each, onEvent) => {
        wanted.push(each);
        onEvent({ event: "step", state: "start", index: 3, of: 20, id: "x", title: "x" });
        throw gone();
      },
      anotherSource: async () => ({ uri: "live:/dev/disk/by-partuuid/2", name: "another stick" }),
    });
    await opened.want({ want: "install" });
    await until(opened, "failed");
    await opened.want({ want: "retry" });
    await until(opened, "failed");
    await opened.want({ want: "another-source" });
    await until(opened, "failed");
    expect(wanted.map(({ resume, restart, source }) => [resume, restart, source])).toEqual([
      [false, true, undefined],
      [true, false, undefined],
      [true, false, "live:/dev/disk/by-partuuid/2"],
    ]);
  });

  test("that another console has begun meanwhile is shown instead", async () => {
    const opened = open(await ready(), {
      install: async () => {
        throw new ActionableError({
          code: "already-running",
          exit: EXIT.refused,
          message: "Another installer is running.",
        });
      },
      watch: async (onEvent) => {
        onEvent({ event: "begin", v: 1, pid: 1, host: "jupiter" });
        onEvent({ event: "done", hash: "x", ms: 1, peakRss: "0" });
        return true;
      },
    });
    await opened.want({ want: "install" });
    const state = await until(opened, "done");
    expect(state.run).toMatchObject({ watching: true, host: "jupiter" });
  });

  test("is begun again where it was refused before its first step", async () => {
    const wanted: InstallWanted[] = [];
    const opened = open(await ready(), {
      install: async (each) => {
        wanted.push(each);
        throw gone();
      },
    });
    await opened.want({ want: "install" });
    await until(opened, "failed");
    await opened.want({ want: "retry" });
    await until(opened, "failed");
    expect(wanted.map(({ resume }) => resume)).toEqual([false, false]);
  });

  test("says when there is no other source, and stays where it is", async () => {
    const opened = open(await demoWizard("failed"));
    await opened.want({ want: "another-source" });
    expect(opened.installer.state).toMatchObject({ screen: "failed", toast: { tone: "warning" } });
  });

  test("is stopped by the person only while it runs", async () => {
    const opened = open(await ready(), {
      install: (_wanted, _onEvent, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(gone()))),
    });
    opened.installer.intend({ want: "stop" });
    expect(opened.installer.state.run).toBeNull();
    await opened.want({ want: "install" });
    opened.installer.intend({ want: "stop" });
    expect(opened.installer.state.run?.stopping).toBe(true);
    expect((await until(opened, "failed")).screen).toBe("failed");
  });
});

describe("what was left unfinished", () => {
  test("is offered, and goes on with its own journal and the passphrases typed again", async () => {
    const found = await demoWizard("unfinished");
    const wanted: InstallWanted[] = [];
    const opened = open(startWizard({ draft: NEW_SPEC, screen: "looking" }), {
      unfinished: async () => [...found.unfinished],
      install: async (each) => {
        wanted.push(each);
        throw gone();
      },
    });
    opened.installer.start();
    await opened.installer.settled();
    expect(opened.installer.state.screen).toBe("unfinished");
    await opened.want({ want: "resume", which: 0, passphrase: PASSPHRASE, recovery: RECOVERY });
    await until(opened, "failed");
    expect(wanted[0]).toMatchObject({ resume: true, journal: found.unfinished[0]?.directory });
    expect(wanted[0]?.secrets).toEqual({ passphrase: PASSPHRASE, recovery: RECOVERY });
  });

  test("is not offered when there is none: the first question comes", async () => {
    const opened = open(startWizard({ draft: NEW_SPEC, screen: "looking" }));
    opened.installer.start();
    await opened.installer.settled();
    expect(opened.installer.state.screen).toBe("language");
  });

  test("can be left alone: everything is asked from the beginning", async () => {
    const opened = open(await demoWizard("unfinished"));
    await opened.want({ want: "begin-anew" });
    expect(opened.installer.state.screen).toBe("language");
    await opened.want({ want: "back" });
    expect(opened.installer.state.screen).toBe("unfinished");
  });
});

describe("an install that another process runs", () => {
  const other = (...events: InstallEvent[]): Partial<Backend> => ({
    watch: async (onEvent) => {
      for (const event of events) onEvent(event);
      return true;
    },
  });
  const begin: InstallEvent = { event: "begin", v: 1, pid: 7, host: "jupiter" };
  const step: InstallEvent = { event: "step", state: "start", index: 2, of: 3, id: "x", title: "second" };

  test("is shown, not offered a second time, until it is done", async () => {
    const done: InstallEvent = { event: "done", hash: "a", ms: 1, peakRss: "0" };
    const opened = await startedFrom(WHOLE, other(begin, step, done));
    expect(opened.states.some(({ screen, run }) => screen === "running" && run?.watching === true)).toBe(true);
    expect(opened.installer.state).toMatchObject({ screen: "done", run: { host: "jupiter", at: 1 } });
    expect(opened.installer.state.run?.steps).toHaveLength(3);
  });

  test("that fails is shown as failed", async () => {
    const opened = await startedFrom(WHOLE, other(begin, step, stop(2)));
    expect(opened.installer.state).toMatchObject({ screen: "failed", failure: { code: "source-gone" } });
  });
});

describe("the reducer", () => {
  test("goes nowhere where there is nowhere to go", async () => {
    const wizard = startWizard({ draft: NEW_SPEC, screen: "language" });
    expect(reduce(wizard, { what: "back" })).toBe(wizard);
    const events = [{ what: "toggle-log" }, { what: "stopping" }, { what: "tick", now: 1 }] as const;
    for (const happening of events) expect(reduce(wizard, happening)).toBe(wizard);
  });

  test("stays on a screen that still has something to ask", async () => {
    for (const screen of ["disks", "storage", "identity"] as const) {
      const wizard = await demoWizard(screen);
      expect(reduce(wizard, { what: "next" }).screen).toBe(screen);
    }
  });

  test("keeps the end of a long log only", async () => {
    let wizard = await demoWizard("running");
    for (let at = 0; at < 2100; at += 1)
      wizard = reduce(wizard, { what: "event", event: { event: "log", line: `line ${at}` }, now: 0 });
    expect(wizard.run?.log.lines).toHaveLength(2000);
    expect(wizard.run?.log.lines.at(-1)).toBe("line 2099");
  });
});

test("an install that is only watched gets the names of its steps, and keeps how far they are", async () => {
  const { plan } = (await demoWizard("review")).judged ?? {};
  if (plan === null || plan === undefined) throw new Error("the demo has a plan");
  const watching = reduce(startWizard({ draft: NEW_SPEC, screen: "looking" }), { what: "run", run: watchRun(0) });
  const step = { event: "step", index: 1, of: plan.steps.length, id: "check-target", title: "x" } as const;
  const begun = reduce(watching, { what: "event", event: { ...step, state: "done", ms: 5 }, now: 1 });
  const named = reduce(begun, { what: "plan-known", plan });
  expect(named.run?.steps.map(({ title }) => title)).toEqual(plan.steps.map(({ title }) => title));
  expect(named.run?.steps.map(({ state }) => state).slice(0, 2)).toEqual(["done", "waiting"]);
  expect(named.judged?.plan).toBe(plan);
});
