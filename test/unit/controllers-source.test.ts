// The source of the controllers: what hangs, fails or lies does not hide the others; states, rates and reasons over several readings.
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { makeControllersSource } from "../../core/controllers/controllers-source.ts";
import type { Line } from "../../core/controllers/heartbeat-channels.ts";
import type { Tail } from "../../core/controllers/tail-file.ts";
import { ProgramError } from "../../core/errors.ts";
import { controller } from "../../core/status/controller-facts.ts";
import { type Answer, type Clock, portsOf, recorded, standIn, WALL_AT_ZERO } from "./libvirt-recorded.ts";

const GUEST = "e52cadb6-102b-4305-bfa3-9bcc16ee4993";
const signal = new AbortController().signal;

/** The recorded host: "one guest" runs, "beats" is off. `answers` may be changed between readings. */
function recordedHost() {
  const answers: Record<string, Answer> = {
    "list --all --id": recorded("list.txt"),
    "list --all --autostart": `${GUEST}\n`,
    "domstats --raw --state": recorded("domstats-state.txt"),
    "domstats --raw --cpu-total": recorded("domstats-details.txt"),
    [`dumpxml ${GUEST}`]: recorded("running.xml"),
    "dumpxml 40f36575": recorded("off.xml"),
    "qemu-agent-command": '{"return":{}}',
  };
  const files: Record<string, string> = {};
  const clock: Clock = { now: 1_000 };
  const virsh = standIn((command) => Object.entries(answers).find(([begin]) => command.startsWith(begin))?.[1] ?? null);
  const beats: { path: string; beat: () => void }[] = [];
  const connectLine = (path: string): Line => {
    let ready = () => {};
    beats.push({ path, beat: () => ready() });
    return {
      onReadable: (call) => {
        ready = call;
      },
      ...{ onEnd: () => {}, read: () => Buffer.from("1\n"), close: () => {} },
    };
  };
  const tail = async (path: string): Promise<Tail | null> => {
    const text = files[path];
    return text === undefined ? null : { text, size: text.length, changedAt: WALL_AT_ZERO };
  };
  // The read waits for the agents themselves here, so that nothing depends on time.
  const source = makeControllersSource({ logFolder: "/log", tail, connectLine, rest: () => new Promise(() => {}) });
  const read = async () => {
    const all = await source.read(portsOf(virsh.run, clock), signal);
    return { all: z.array(controller).parse(all), guest: all.find(({ name }) => name === "one guest") };
  };
  return { answers, files, clock, virsh, beats, source, read };
}

describe("what cannot be read is said in one sentence", () => {
  test("no virsh", async () => {
    const run = Object.assign(
      async (argv: readonly string[]) => {
        throw new ProgramError(argv, "missing", null, "");
      },
      { pipe: async () => {} },
    );
    const read = makeControllersSource().read(portsOf(run, { now: 0 }), signal);
    await expect(read).rejects.toThrow("libvirt is not installed here: there is no virsh");
  });

  test("no libvirt", async () => {
    const said =
      "error: failed to connect to the hypervisor\nerror: Failed to connect socket: No such file or directory\n";
    const run = Object.assign(
      async (argv: readonly [string, ...string[]]) => ({ argv, exit: 1, stdout: "", stderr: said }),
      {
        pipe: async () => {},
      },
    );
    const read = makeControllersSource().read(portsOf(run, { now: 0 }), signal);
    await expect(read).rejects.toThrow("libvirt does not answer: Failed to connect socket: No such file or directory");
  });

  test("libvirt hangs", async () => {
    const host = recordedHost();
    host.answers["list --all --id"] = "hangs";
    await expect(host.read()).rejects.toThrow("libvirt did not answer within 8 s");
  });

  test("given up by whoever asked", async () => {
    const { source, virsh } = recordedHost();
    await expect(source.read(portsOf(virsh.run, { now: 0 }), AbortSignal.abort())).rejects.toThrow();
  });
});

describe("one part that fails leaves the rest", () => {
  test("a QEMU that hangs: states are told, its figures are not, and nobody asks again at once", async () => {
    const host = recordedHost();
    host.answers["domstats --raw --cpu-total"] = "hangs";
    const { all, guest } = await host.read();
    expect(all.map(({ name, state }) => [name, state])).toEqual([
      ["beats", "off"],
      ["one guest", "running"],
    ]);
    expect(guest).toMatchObject({ cpu: { percent: null }, memory: { bytes: 32 * 1024 * 1024, used: null } });
    host.virsh.commands.length = 0;
    host.clock.now += 1_000;
    await host.read();
    expect(host.virsh.commands.filter((command) => command.includes("--cpu-total"))).toEqual([]);
  });

  test("a QEMU that libvirt passes over for half a minute is silent, even with nothing to hear it by", async () => {
    const host = recordedHost();
    host.answers[`dumpxml ${GUEST}`] = recorded("running.xml")
      .replaceAll(/<channel[\s\S]*?<\/channel>/g, "")
      .replace("ua-multiverse-heartbeat", "serial1");
    expect((await host.read()).guest?.state).toBe("running");
    host.answers["domstats --raw --cpu-total"] = recorded("domstats-details-hung.txt");
    for (let turn = 0; turn < 3; turn++) {
      host.clock.now += 10_000;
      expect((await host.read()).guest).toMatchObject({ state: "running", cpu: { percent: null } });
    }
    host.clock.now += 10_001;
    expect((await host.read()).guest).toMatchObject({
      state: "silent",
      reason: { text: "Its QEMU process hangs: it answers nothing any more", at: WALL_AT_ZERO + 11_000 },
    });
    host.answers["domstats --raw --cpu-total"] = recorded("domstats-details.txt");
    host.clock.now += 10_000;
    expect((await host.read()).guest).toMatchObject({ state: "running", reason: null });
  });

  test.each([
    ["cannot be read", "<domain><"],
    ["is another domain's", recorded("everything.xml")],
    ["is gone", null],
  ])("XML that %s", async (_, xml) => {
    const host = recordedHost();
    host.answers[`dumpxml ${GUEST}`] = xml;
    expect((await host.read()).guest).toMatchObject({ state: "running", disks: [], networks: [], os: null });
  });

  test("XML that does not come: those before it are known, the rest is asked for again", async () => {
    const host = recordedHost();
    host.answers["dumpxml 40f36575"] = "hangs";
    const { all, guest } = await host.read();
    expect(guest?.disks).toHaveLength(1);
    expect(all[0]).toMatchObject({ name: "beats", state: "off", disks: [] });
    host.answers["dumpxml 40f36575"] = recorded("off.xml").replace(
      /<uuid>.*<\/uuid>/,
      "<uuid>40f36575-3dcc-411a-9dde-b3007f2fbffc</uuid>",
    );
    host.clock.now += 10_000;
    expect((await host.read()).all[0]?.disks).toHaveLength(1);
  });

  test("one that was removed while it was asked for is not told", async () => {
    const host = recordedHost();
    host.answers["domstats --raw --state"] = "Domain: 'beats'\n  state.state=5\n  state.reason=0\n";
    expect((await host.read()).all.map(({ name }) => name)).toEqual(["beats"]);
  });
});

describe("heartbeats", () => {
  test("found running without an answer: starting, then silent, said once and unchanged", async () => {
    const host = recordedHost();
    host.answers["qemu-agent-command"] = null;
    expect((await host.read()).guest).toMatchObject({ state: "starting", heartbeat: null, reason: null });
    host.clock.now += 30_001;
    const { guest } = await host.read();
    expect(guest).toMatchObject({ state: "silent", heartbeat: null });
    expect(guest?.reason?.text).toBe(
      "It runs, but nothing has been heard of it on its heartbeat channel or from its guest agent",
    );
    host.clock.now += 10_000;
    expect((await host.read()).guest?.reason).toEqual(guest?.reason);
  });

  test("heard by its agent, then no longer; heard on its channel: running again", async () => {
    const host = recordedHost();
    expect((await host.read()).guest).toMatchObject({ state: "running", heartbeat: { at: 1_000, by: "guest-agent" } });
    host.answers["qemu-agent-command"] = null;
    host.clock.now = 31_001;
    const { guest } = await host.read();
    expect(guest).toMatchObject({ state: "silent", heartbeat: { at: 1_000, by: "guest-agent" } });
    expect(guest?.reason?.at).toBe(WALL_AT_ZERO + 1_000);
    expect(host.beats[0]?.path).toBe("/srv/test/hb.sock");
    host.beats[0]?.beat();
    host.clock.now = 32_000;
    expect((await host.read()).guest).toMatchObject({
      ...{ state: "running", reason: null },
      heartbeat: { at: 31_001, by: "virtio-serial" },
    });
    host.source.close();
  });

  test("of an earlier run counts for nothing: a start has its time", async () => {
    const host = recordedHost();
    await host.read();
    host.answers["qemu-agent-command"] = null;
    host.answers["list --all --id"] = recorded("list.txt").replace(" 16 ", " 17 ");
    host.clock.now += 10_000;
    expect((await host.read()).guest).toMatchObject({ state: "starting", heartbeat: null, cpu: { percent: null } });
    host.clock.now += 100_000;
    expect((await host.read()).guest?.state).toBe("starting");
    host.clock.now += 100_000;
    expect((await host.read()).guest?.state).toBe("silent");
  });

  test("a paused one is not asked, and has its time after the pause", async () => {
    const host = recordedHost();
    await host.read();
    host.answers["domstats --raw --state"] = recorded("domstats-state.txt").replace("state.state=1", "state.state=3");
    host.clock.now += 60_000;
    host.virsh.commands.length = 0;
    expect((await host.read()).guest).toMatchObject({ state: "paused", reason: null });
    expect(host.virsh.commands.some((command) => command.startsWith("qemu-agent"))).toBe(false);
    host.answers["domstats --raw --state"] = recorded("domstats-state.txt");
    host.answers["qemu-agent-command"] = null;
    host.clock.now += 10_000;
    expect((await host.read()).guest?.state).toBe("running");
    host.clock.now += 30_001;
    expect((await host.read()).guest?.state).toBe("silent");
  });

  test.each([
    ["libvirt holds back until QEMU is there", 11, "starting"],
    ["somebody paused before anything was heard", 1, "paused"],
  ])("a start that %s has its whole time after that", async (_, reason, meanwhile) => {
    const host = recordedHost();
    host.answers["qemu-agent-command"] = null;
    await host.read();
    host.answers["list --all --id"] = recorded("list.txt").replace(" 16 ", " 17 ");
    host.answers["domstats --raw --state"] = recorded("domstats-state.txt").replace(
      "state.state=1\n  state.reason=1",
      `state.state=3\n  state.reason=${reason}`,
    );
    host.clock.now += 10_000;
    expect((await host.read()).guest?.state).toBe(meanwhile);
    host.answers["domstats --raw --state"] = recorded("domstats-state.txt");
    host.clock.now += 10_000;
    expect((await host.read()).guest?.state).toBe("starting");
    host.clock.now += 160_000;
    expect((await host.read()).guest?.state).toBe("starting");
    host.clock.now += 20_001;
    expect((await host.read()).guest?.state).toBe("silent");
  });
});

describe("ends", () => {
  function ended(state: string, log: string | null) {
    const host = recordedHost();
    host.answers["list --all --id"] = recorded("list.txt").replace(" 16 ", " - ");
    host.answers["domstats --raw --state"] = state;
    if (log !== null) host.files["/log/one guest.log"] = recorded(log);
    return host;
  }
  const shutOff = (reason: number) =>
    recorded("domstats-crashed.txt").replace("state.reason=3", `state.reason=${reason}`);

  test("killed from outside: failed, when the log says", async () => {
    const { guest } = await ended(shutOff(3), "qemu-crashed.log").read();
    expect(guest).toMatchObject({
      ...{ state: "failed", heartbeat: null },
      reason: { text: "Its QEMU process ended by itself", at: Date.UTC(2026, 10, 20, 21, 17, 12, 758) },
    });
  });

  test("could not start: QEMU's last words", async () => {
    const { guest } = await ended(shutOff(6), "qemu-failed.log").read();
    expect(guest?.reason?.text).toMatch(
      /^It could not be started; its last words: qemu-system-x86_64: .*Permission denied$/,
    );
  });

  test("failed without a log: now, and the time stays", async () => {
    const host = ended(shutOff(3), null);
    const first = await host.read();
    host.clock.now += 10_000;
    expect(first.guest?.reason?.at).toBe(WALL_AT_ZERO + 1_000);
    expect((await host.read()).guest?.reason).toEqual(first.guest?.reason);
  });

  test("destroyed on purpose: off", async () => {
    expect((await ended(shutOff(2), "qemu-destroyed.log").read()).guest).toMatchObject({ state: "off", reason: null });
  });

  test("libvirt has forgotten why: its log has not", async () => {
    expect((await ended(shutOff(0), "qemu-crashed.log").read()).guest?.state).toBe("failed");
    expect((await ended(shutOff(0), "qemu-destroyed.log").read()).guest?.state).toBe("off");
    expect((await ended(shutOff(0), null).read()).guest?.state).toBe("off");
  });
});

test("rates come from two readings, and a failed one makes none", async () => {
  const host = recordedHost();
  expect((await host.read()).guest).toMatchObject({
    cpu: { percent: null },
    disks: [{ read: null, written: null, bytes: 1048576 }],
  });
  host.answers["domstats --raw --cpu-total"] = recorded("domstats-details.txt")
    .replace("cpu.time=360000000", "cpu.time=5360000000")
    .replace("rd.bytes=512", "rd.bytes=20512");
  host.clock.now += 10_000;
  expect((await host.read()).guest).toMatchObject({
    cpu: { count: 1, percent: 50 },
    disks: [{ read: 2000, written: 0 }],
  });
  host.answers["domstats --raw --cpu-total"] = "hangs";
  host.clock.now += 10_000;
  expect((await host.read()).guest).toMatchObject({ cpu: { percent: null }, disks: [{ read: null, bytes: 1048576 }] });
});

test.each([
  ["what QEMU occupies", "balloon.rss=30000", 30_000 * 1024],
  ["nothing, where QEMU occupies more than the guest was given", "balloon.rss=44432", null],
  [
    "what the guest says, whatever QEMU occupies",
    "balloon.rss=44432\n  balloon.available=30000\n  balloon.usable=9000",
    21_000 * 1024,
  ],
])("memory used is %s", async (_, figures, used) => {
  const host = recordedHost();
  host.answers["domstats --raw --cpu-total"] = recorded("domstats-details.txt").replace("balloon.rss=44432", figures);
  expect((await host.read()).guest?.memory).toEqual({ bytes: 32 * 1024 * 1024, used });
});

test("the console's last lines are told without what could move a cursor", async () => {
  const host = recordedHost();
  host.files["/srv/test/console.log"] = "\u001b[2JDebian\u202e GNU/Linux\r\nlogin: ";
  expect((await host.read()).guest?.console).toEqual(["Debian? GNU/Linux", "login:"]);
});

test("200 controllers take as many programs as one: at most 7, and 3 while no agent is due", async () => {
  const uuid = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
  const numbers = Array.from({ length: 200 }, (_, index) => index);
  const each = (line: (number: number) => string) => numbers.map(line).join("");
  const xml = recorded("running.xml");
  const virsh = standIn((command) => {
    if (command.startsWith("list --all --id"))
      return each((number) => `${uuid(number)} ${number + 1} guest-${number}\n`);
    if (command.startsWith("domstats --raw --state")) {
      return each((number) => `Domain: 'guest-${number}'\n  state.state=1\n  state.reason=1\n\n`);
    }
    if (command.startsWith("domstats")) {
      return each((number) => recorded("domstats-details.txt").replace("one guest", `guest-${number}`));
    }
    if (command.startsWith("dumpxml")) return xml.replace(GUEST, command.split(" ")[1] ?? "");
    return command.startsWith("qemu-agent-command") ? '{"return":{}}' : "";
  });
  const clock: Clock = { now: 0 };
  const source = makeControllersSource({
    ...{ tail: async () => null, rest: () => new Promise(() => {}) },
    connectLine: () => ({ onReadable: () => {}, onEnd: () => {}, read: () => null, close: () => {} }),
  });
  const ports = portsOf(virsh.run, clock);
  expect(await source.read(ports, signal)).toHaveLength(200);
  expect(virsh.programs.length).toBeLessThanOrEqual(7);
  virsh.programs.length = 0;
  clock.now = 10_000;
  const all = await source.read(ports, signal);
  expect(all.filter(({ state }) => state === "running")).toHaveLength(200);
  expect(virsh.programs.length).toBeLessThanOrEqual(7);
  // None of their arguments is longer than Linux allows for one.
  for (const argv of virsh.programs) expect(Math.max(...argv.map((part) => part.length))).toBeLessThan(128 * 1024);
  virsh.programs.length = 0;
  clock.now = 11_000;
  await source.read(ports, signal);
  expect(virsh.programs.length).toBeLessThanOrEqual(3);
});

test("only events that change something are a reason to read", () => {
  const [trigger] = makeControllersSource().triggers;
  expect("event 'lifecycle' for domain 'a': Stopped Failed").toMatch(trigger?.lines ?? /$^/);
  expect("event 'agent-lifecycle' for domain 'a': state: 'connected'").toMatch(trigger?.lines ?? /$^/);
  expect("event 'rtc-change' for domain 'a': 3600").not.toMatch(trigger?.lines ?? /$^/);
});
