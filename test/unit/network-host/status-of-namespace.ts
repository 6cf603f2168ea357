// Run inside a network namespace: reads the network's status as the daemon does, and prints each reading as a line of JSON.
import { spawn } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { createInterface } from "node:readline";
import { makeNetworkSources } from "../../../core/network/network-source.ts";
import type { SourcePorts } from "../../../core/status/source.ts";
import { createRun } from "../../../core/tools/run-real.ts";

/** A namespace made by hand has no files of its own: the name servers come with the command line. */
const [, , resolvConf = ""] = process.argv;

const ports: SourcePorts = {
  run: createRun(),
  read: async (path) => {
    if (path.startsWith("/run/systemd/")) return null;
    return path === "/etc/resolv.conf" ? resolvConf : await readFile(path, "utf8").catch(() => null);
  },
  list: async (path) => (await readdir(path).catch(() => [])).sort(),
  link: (path) => readlink(path).catch(() => null),
  monotonic: () => performance.now(),
  wall: () => Date.now(),
};

// Ten times the usual pace: the tests wait for what is found, never for a time.
const { network, endpoints } = makeNetworkSources({ pace: { calm: 1_000, silent: 500, gap: 250 } });
let reading = false;
let wanted = false;
let timer: NodeJS.Timeout | undefined;

async function read(): Promise<void> {
  wanted = true;
  if (reading) return;
  reading = true;
  while (wanted) {
    wanted = false;
    clearTimeout(timer);
    const signal = AbortSignal.timeout(network.patience);
    const said = await Promise.all([network.read(ports, signal), endpoints.read(ports, signal)]).then(
      ([topology, reached]) => ({ topology, endpoints: reached }),
      (error: unknown) => ({ error: String(error) }),
    );
    process.stdout.write(`${JSON.stringify(said)}\n`);
  }
  reading = false;
  timer = setTimeout(() => void read(), network.every);
}

network.onNews?.(() => void read());
for (const { argv, lines } of network.triggers) {
  const [file, ...args] = argv;
  const program = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
  process.on("exit", () => program.kill());
  createInterface({ input: program.stdout }).on("line", (line) => {
    if (lines?.test(line) !== false) void read();
  });
}
// The parent ends it by closing its input, or by dying.
process.stdin.on("end", () => process.exit(0)).resume();
void read();
