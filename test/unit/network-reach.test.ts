// Whether routers and name servers answer: how answers are judged, how often they are asked, and that nobody waits for them.
import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeNetworkSources } from "../../core/network/network-source.ts";
import { isAnswer, probeDns, rootQuestion } from "../../core/network/reach/probe-dns.ts";
import { judgeNeighbour, pingArgv, pingTime } from "../../core/network/reach/probe-gateway.ts";
import { type Attempt, makeProber, type Probes } from "../../core/network/reach/prober.ts";
import type { Target } from "../../core/network/reach/reach.ts";
import { type Composed, hopIn, link, portsOf } from "./network-host/composed.ts";

const router: Target = { key: "gateway eth0 192.0.2.1", kind: "gateway", address: "192.0.2.1", family: 4, dev: "eth0" };
const server: Target = { key: "dns 192.0.2.53", kind: "dns", address: "192.0.2.53", family: 4, dev: null };

/** Lets everything that waits for nothing but its turn run. */
const settled = () => new Promise<void>((resolve) => void setImmediate(resolve));

/** Probes that answer as told, at a time that the test moves. */
function told(answers: (asked: number) => Attempt | Promise<Attempt>) {
  const state = { asked: 0, now: 0, inFlight: 0, most: 0 };
  const ask = async (): Promise<Attempt> => {
    state.asked += 1;
    state.inFlight += 1;
    state.most = Math.max(state.most, state.inFlight);
    try {
      return await answers(state.asked);
    } finally {
      state.inFlight -= 1;
    }
  };
  const probes: Probes = {
    gateway: ask,
    dns: ask,
    pause: async (ms) => {
      state.now += ms;
    },
    monotonic: () => state.now,
  };
  return { state, probes };
}

const MISS: Attempt = { outcome: "none", seen: "no answer to pings" };
const HIT: Attempt = { outcome: "answer", latencyMs: 0.4 };

describe("probing", () => {
  test("three misses in a row are silence, and one answer ends it", async () => {
    const { state, probes } = told((asked) => (asked === 4 ? HIT : MISS));
    const prober = makeProber(probes);
    let news = 0;
    prober.onNews(() => {
      news += 1;
    });
    prober.probe([router], false);
    expect(prober.reachOf(router.key).state).toBe("unknown");
    await settled();
    expect(prober.reachOf(router.key)).toEqual({ state: "silent", latencyMs: null, seen: "no answer to pings" });
    expect([state.asked, news]).toEqual([3, 1]);
    state.now += 3_000;
    prober.probe([router], false);
    await settled();
    expect(prober.reachOf(router.key)).toEqual({ state: "ok", latencyMs: 0.4, seen: null });
    expect(news).toBe(2);
  });

  test("two misses and an answer are no silence", async () => {
    const { state, probes } = told((asked) => (asked < 3 ? MISS : HIT));
    const prober = makeProber(probes);
    prober.probe([router], false);
    await settled();
    expect([state.asked, prober.reachOf(router.key).state]).toEqual([3, "ok"]);
  });

  test("what is well is asked every ten seconds, at once after a change, and when the kernel gave it up", async () => {
    const { state, probes } = told(() => HIT);
    const prober = makeProber(probes);
    const asked = async (changed: boolean, doubted?: Set<string>) => {
      prober.probe([router], changed, doubted);
      await settled();
      return state.asked;
    };
    expect(await asked(false)).toBe(1);
    state.now += 9_999;
    expect(await asked(false)).toBe(1);
    expect(prober.soon()).toBe(10_000);
    state.now += 1;
    expect(await asked(false)).toBe(2);
    expect(await asked(true)).toBe(3);
    expect(await asked(false, new Set([router.key]))).toBe(4);
    expect(await asked(false)).toBe(4);
  });

  test("what has been silent for long is asked calmly", async () => {
    const { state, probes } = told(() => MISS);
    const prober = makeProber(probes);
    prober.probe([router], false);
    await settled();
    expect(prober.soon()).toBe(3_000);
    state.now += 120_000;
    expect(prober.soon()).toBe(10_000);
  });

  test("an undecided neighbour changes nothing, and is not asked for ever", async () => {
    const { state, probes } = told(() => ({ outcome: "unsure" }));
    const prober = makeProber(probes);
    prober.probe([router], false);
    await settled();
    expect([state.asked, prober.reachOf(router.key).state]).toEqual([10, "unknown"]);
  });

  test("a probe that breaks takes nothing with it", async () => {
    const { probes } = told(() => Promise.reject(new Error("planted")));
    const prober = makeProber(probes);
    prober.probe([router], false);
    await settled();
    expect(prober.reachOf(router.key).state).toBe("unknown");
  });

  test("what hangs is asked once, and at most six at a time", async () => {
    const { state, probes } = told(() => new Promise(() => {}));
    const prober = makeProber(probes);
    const many = Array.from({ length: 20 }, (_, index) => ({ ...router, key: `gateway ${index}` }));
    for (let round = 0; round < 5; round++) {
      prober.probe(many, true);
      await settled();
      state.now += 60_000;
    }
    expect([state.asked, state.most]).toEqual([6, 6]);
  });

  test("what is no longer there is forgotten, and its late answer, too", async () => {
    let answer: (attempt: Attempt) => void = () => {};
    const { probes } = told(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const prober = makeProber(probes);
    let news = 0;
    prober.onNews(() => {
      news += 1;
    });
    prober.probe([router], false);
    prober.probe([server], false);
    answer(HIT);
    await settled();
    expect(prober.reachOf(router.key).state).toBe("unknown");
    expect(news).toBeLessThanOrEqual(1);
  });
});

describe("a router that says nothing to pings", () => {
  const entry = (state: string, confirmed: number) =>
    JSON.stringify([
      { dst: "192.0.2.1", dev: "eth0", lladdr: "02:00:00:00:00:01", used: 1, confirmed, state: [state] },
    ]);
  const known = (measured: boolean, silentSince: number | null) => ({ measured, silentSince });

  test.each([
    ["FAILED", 0, false, "none"],
    ["INCOMPLETE", 0, true, "none"],
    ["REACHABLE", 20, false, "answer"],
    // It has answered pings before: the kernel believes in it for longer than it lives.
    ["REACHABLE", 20, true, "none"],
    ["REACHABLE", 2, true, "answer"],
    ["DELAY", 0, false, "unsure"],
    ["DELAY", 0, true, "none"],
    ["PERMANENT", 0, false, "none"],
  ] as const)("%s, confirmed %i s ago, measured before: %s: %s", (state, confirmed, measured, outcome) => {
    expect(judgeNeighbour(entry(state, confirmed), 4, known(measured, 0), 5_000).outcome).toBe(outcome);
  });

  test("a confirmation of the second in which the silence began is none", () => {
    expect(judgeNeighbour(entry("REACHABLE", 0), 4, known(true, 4_100), 5_000).outcome).toBe("none");
  });

  test("no entry at all, and an answer that is none, are misses", () => {
    for (const stdout of ["[]", "[ ]\n", "", "Cannot find device"])
      expect(judgeNeighbour(stdout, 6, known(false, null), 0)).toEqual({
        outcome: "none",
        seen: "no answer to pings, and none to neighbour discovery",
      });
  });

  test("pings go out by the router's own interface", () => {
    expect(pingArgv(router)).toEqual(["ping", "-4", "-n", "-c1", "-W1", "-I", "eth0", "--", "192.0.2.1"]);
    const local: Target = { ...router, address: "fe80::1", family: 6 };
    expect(pingArgv(local).slice(-2)).toEqual(["--", "fe80::1%eth0"]);
  });

  test("the time of iputils' answer", () => {
    expect(pingTime("64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=0.361 ms\n")).toBe(0.4);
    expect(pingTime("64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=123 ms\n")).toBe(123);
    expect(pingTime("From 192.0.2.2 icmp_seq=1 Destination Host Unreachable\n")).toBeNull();
  });
});

describe("a question to a name server", () => {
  async function answering(answer: (question: Buffer) => Uint8Array | null): Promise<Attempt> {
    const socket = createSocket("udp4");
    await new Promise<void>((resolve) => void socket.bind(0, "127.0.0.1", resolve));
    socket.on("message", (question, { port, address }) => {
      const said = answer(question);
      if (said !== null) socket.send(said, port, address);
    });
    try {
      return await probeDns({ ...server, address: "127.0.0.1" }, () => 5, { port: socket.address().port, waitMs: 50 });
    } finally {
      socket.close();
    }
  }

  test("a refusal is an answer", async () => {
    const refused = (question: Buffer) =>
      Uint8Array.of(question[0] ?? 0, question[1] ?? 0, 0x81, 5, ...question.subarray(4));
    expect(await answering(refused)).toEqual({ outcome: "answer", latencyMs: 0 });
  });

  test("an answer to another question, and the question sent back, are none", async () => {
    const other = (question: Buffer) =>
      Uint8Array.of((question[0] ?? 0) ^ 1, question[1] ?? 0, 0x81, ...question.subarray(3));
    expect(await answering(other)).toEqual({ outcome: "none", seen: "no answer within 0.05 s" });
    expect(await answering((question) => question)).toMatchObject({ outcome: "none" });
  });

  test("a port that nobody listens at is told at once", async () => {
    const socket = createSocket("udp4");
    await new Promise<void>((resolve) => void socket.bind(0, "127.0.0.1", resolve));
    const { port } = socket.address();
    await new Promise<void>((resolve) => void socket.close(resolve));
    const attempt = await probeDns({ ...server, address: "127.0.0.1" }, () => 0, { port, waitMs: 60_000 });
    expect(attempt).toEqual({ outcome: "none", seen: "nothing listens at its port 53" });
  });

  test("whatever comes: no answer without the bit that says so, never an error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(0xffff), (message, id) => {
        const fits =
          message.length >= 12 && (message[0] ?? 0) * 256 + (message[1] ?? 0) === id && (message[2] ?? 0) > 127;
        expect(isAnswer(message, id)).toBe(fits);
        expect(isAnswer(rootQuestion(id), id)).toBe(false);
      }),
    );
  });
});

describe("the sources", () => {
  const composed: Composed = {
    links: [link("eth0", null, ["203.0.113.7/24"])],
    routes: [{ dst: "default", gateway: "203.0.113.1", dev: "eth0" }],
    files: { "/etc/resolv.conf": "nameserver 198.51.100.53\n" },
  };
  const signal = new AbortController().signal;

  test("a router and a name server that never answer hold up no reading", async () => {
    const { state, probes } = told(() => new Promise(() => {}));
    const sources = makeNetworkSources({ probes: () => probes });
    const topology = await sources.network.read(portsOf(composed), signal);
    expect(hopIn(topology, "gateway:203.0.113.1")?.state).toBe("unknown");
    await sources.network.read(portsOf(composed), signal);
    expect(state.asked).toBe(2);
  });

  test("one prober serves both, and news of it reach who reads", async () => {
    const { state, probes } = told(() => HIT);
    const { network, endpoints } = makeNetworkSources({ probes: () => probes });
    let news = 0;
    network.onNews?.(() => {
      news += 1;
    });
    await Promise.all([network.read(portsOf(composed), signal), endpoints.read(portsOf(composed), signal)]);
    await settled();
    expect([state.asked, news]).toEqual([2, 2]);
    const [endpoint] = await endpoints.read(portsOf(composed), signal);
    expect(endpoint?.reach).toEqual({ state: "ok", target: "203.0.113.1", latencyMs: 0.4 });
    expect([network.every, state.asked]).toEqual([10_000, 2]);
  });

  test("the kernel's interfaces that cannot be listed fail the reading with one sentence, and the next one works", async () => {
    const { network } = makeNetworkSources({ probes: () => told(() => HIT).probes });
    await expect(network.read(portsOf("no JSON"), signal)).rejects.toThrow("The answer of `ip` could not be read.");
    expect((await network.read(portsOf(composed), signal)).roots).toHaveLength(1);
  });

  test("regions come from the file of measured hosts; one that is broken leaves the addresses", async () => {
    const { endpoints } = makeNetworkSources({ probes: () => told(() => HIT).probes });
    const regions = async (file: string) => {
      const files = { "/etc/multiverse/regions.yml": file, "/etc/hosts": "203.0.113.7 pkg.example.net\n" };
      return (await endpoints.read(portsOf({ ...composed, files }), signal)).map(({ region }) => region);
    };
    const file = readFileSync(new URL("../fixtures/network/regions.yml", import.meta.url), "utf8");
    expect(await regions(file)).toEqual(["eu-central"]);
    expect(await regions("version: 1\nhosts: [")).toEqual([null]);
    expect(await regions("a: &a [*a, *a]")).toEqual([null]);
  });

  test("of neighbours only one that was given up makes it read again", () => {
    const lines = makeNetworkSources().network.triggers[0]?.lines;
    const counts = (line: string) => lines?.test(line) === true;
    expect(counts("[NEIGH]192.0.2.1 dev eth0 lladdr 02:fc:00:00:00:05 STALE")).toBe(false);
    expect(counts("[NEIGH]192.0.2.1 dev eth0  FAILED")).toBe(true);
    expect(counts("[LINK]4: eth0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 state DOWN")).toBe(true);
    expect(counts("    link/ether 02:fc:00:00:00:01 brd ff:ff:ff:ff:ff:ff")).toBe(false);
  });
});
