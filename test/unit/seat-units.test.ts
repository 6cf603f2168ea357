// The units that keep the seat's key: what systemd finds wrong with them, and what their commands do, run for real.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { agentSigner } from "../../core/control/signers/agent-signer.ts";
import { openAgent } from "../../core/control/ssh-agent.ts";
import { parseKeyLine } from "../../core/control/ssh-key.ts";
import { holds } from "../../core/control/sshsig-verify.ts";
import { sampleFolder } from "./ssh-sample.ts";

const REPO = new URL("../..", import.meta.url).pathname;
const UNITS = join(REPO, "systemd/host");
const NAMES = readdirSync(UNITS).filter((name) => name.startsWith("multiverse-seat-"));
const settings = (unit: string, key: string): string[] =>
  [...readFileSync(join(UNITS, unit), "utf8").matchAll(new RegExp(`^${key}=(.*)$`, "gm"))].map(([, one = ""]) => one);
const has = (program: string) => spawnSync(program, ["--version"]).status === 0;
const folder = sampleFolder();
afterAll(() => folder.remove());

test.skipIf(!has("systemd-analyze"))("systemd has nothing to say of them", () => {
  const { stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", ...NAMES.map((name) => join(UNITS, name))], {
    encoding: "utf8",
  });
  expect(stderr.split("\n").filter((line) => line.includes("multiverse-seat"))).toEqual([]);
});

test("neither part of it has a capability, a network or a swapped page", () => {
  for (const unit of NAMES.filter((name) => name.endsWith(".service"))) {
    expect({ unit, user: settings(unit, "User"), capabilities: settings(unit, "CapabilityBoundingSet") }).toEqual({
      ...{ unit, user: ["multiverse-seat"], capabilities: [""] },
    });
    for (const key of ["PrivateNetwork", "NoNewPrivileges"]) expect(settings(unit, key)).toEqual(["yes"]);
    for (const key of ["MemorySwapMax", "LimitCORE"]) expect(settings(unit, key)).toEqual(["0"]);
  }
});

test("the screen reaches the proxy's socket, and nobody else", () => {
  const unit = "multiverse-seat-agent-proxy.socket";
  const of = (key: string) => settings(unit, key)[0];
  expect([of("ListenStream"), of("SocketUser"), of("SocketGroup"), of("SocketMode")]).toEqual([
    ...["/run/multiverse/seat/agent", "root", "multiverse-screen", "0660"],
  ]);
});

test.skipIf(!has("systemd-sysusers"))("its users and folders are made with the groups that it needs", () => {
  const root = join(folder.path, "root");
  execFileSync("mkdir", ["-p", join(root, "etc"), join(root, "run")]);
  const config = (kind: string) => join(REPO, "rescue/root/host/usr/lib", kind, "multiverse.conf");
  execFileSync("systemd-sysusers", [`--root=${root}`, config("sysusers.d")], { stdio: "ignore" });
  const passwd = readFileSync(join(root, "etc/passwd"), "utf8");
  for (const name of ["multiverse-seat", "multiverse-screen"])
    expect(passwd).toMatch(new RegExp(`^${name}:.*/nologin$`, "m"));
  const text = readFileSync(config("tmpfiles.d"), "utf8");
  expect(text).toMatch(/^d \/run\/multiverse\/seat 2750 root multiverse-screen -$/m);
});

describe("the agent's unit, its commands in their order", () => {
  test("leaves a key that signs in the agent, its public half for the daemon, and no private file", async () => {
    const unit = "multiverse-seat-agent.service";
    const place = join(folder.path, "seat");
    execFileSync("mkdir", [place]);
    const socket = join(place, "private/agent");
    const environment = { ...process.env, SSH_AUTH_SOCK: socket };
    const run = (line: string) =>
      execFileSync("sh", ["-ec", `umask 0077; ${line.replaceAll("/run/multiverse-seat", place)}`], {
        ...{ encoding: "utf8", env: environment, stdio: ["ignore", "pipe", "pipe"] },
      });
    for (const line of settings(unit, "ExecStartPre")) run(line);
    // It goes to the background by itself (Type=forking), and says which process it is.
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(settings(unit, "ExecStart").map(run).join())?.[1]);
    try {
      for (const line of settings(unit, "ExecStartPost")) run(line);
      const line = readFileSync(join(place, "key.pub"), "utf8").trim();
      const key = parseKeyLine(line);
      expect(key?.type).toBe("ssh-ed25519");
      expect(existsSync(join(place, "private/key"))).toBe(false);
      expect(statSync(join(place, "private")).mode & 0o777).toBe(0o700);
      expect(statSync(join(place, "key.pub")).mode & 0o777).toBe(0o644);
      expect((await openAgent(socket).list()).map(({ blob }) => blob.equals(key?.blob ?? Buffer.alloc(0)))).toEqual([
        true,
      ]);
      const message = Buffer.from("{}");
      const armoured = await agentSigner({ socket, keyBlob: key?.blob ?? Buffer.alloc(0) }).sign(message, "n");
      expect(holds({ message, armoured, namespace: "n", keyLine: line })).toBe(true);
    } finally {
      process.kill(pid, "SIGTERM");
    }
  });
});
