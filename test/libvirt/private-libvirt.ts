// A libvirt daemon of our own in a temporary folder, with small guests: it touches nothing of the machine's libvirt.
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as rest } from "node:timers/promises";
import type { Argv, Run } from "../../core/tools/run.ts";
import { createRun, start } from "../../core/tools/run-real.ts";
import { tinyGuest } from "./tiny-guest.ts";

export interface PrivateLibvirt {
  run: Run;
  uri: string;
  logFolder: string;
  folder: string;
  virsh(...args: string[]): Promise<string>;
  /** Defines a guest; its disk is a file in `folder`, NAME.img. */
  define(name: string, parts: { heartbeat: boolean }): Promise<void>;
  /** Of its QEMU. */
  pidOf(name: string): Promise<number>;
  end(): Promise<void>;
}

const NOBODY = 65534;
const DEADLINE_MS = 60_000;

/** Asks again and again until it is so; the deadline is one that only a broken machine reaches. */
export async function until<Value>(ask: () => Promise<Value>, isSo: (value: Value) => boolean): Promise<Value> {
  for (const began = performance.now(); ; await rest(100)) {
    const value = await ask();
    if (isSo(value)) return value;
    if (performance.now() - began > DEADLINE_MS) throw new Error(`it did not become so: ${JSON.stringify(value)}`);
  }
}

/** As root it runs as nobody: then libvirt is a person's own, which needs no folder of the system. */
export async function startLibvirt(): Promise<PrivateLibvirt> {
  const run = createRun();
  const root = process.getuid?.() === 0;
  const folder = await mkdtemp(join(tmpdir(), "mv-libvirt-"));
  const own = async (path: string) => (root ? chown(path, NOBODY, NOBODY) : undefined);
  await chmod(folder, 0o755);
  await own(folder);
  for (const name of ["run", "cache", "config", "config/libvirt"]) {
    await mkdir(join(folder, name), { mode: 0o700 });
    await own(join(folder, name));
  }
  // Otherwise a second daemon (virtlogd) would write the logs.
  await writeFile(join(folder, "config/libvirt/qemu.conf"), 'stdio_handler = "file"\n');
  const environment = [
    `HOME=${folder}`,
    ...["run", "config", "cache"].map((name) => `XDG_${VARIABLE[name]}=${folder}/${name}`),
  ];
  const as = root ? ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"] : [];
  const argv: Argv = ["env", ...environment, ...as, "libvirtd"];
  const daemon = await start(argv, { stderrFile: join(folder, "libvirtd.log") });

  const uri = `qemu+unix:///session?socket=${folder}/run/libvirt/libvirt-sock`;
  const virsh = async (...args: string[]) =>
    (await run(["virsh", "-q", "-c", uri, ...args], { timeoutMs: 30_000 })).stdout;
  const pidOf = async (name: string) =>
    Number(await readFile(join(folder, `run/libvirt/qemu/run/${name}.pid`), "utf8"));
  const answers = () =>
    virsh("list").then(
      () => true,
      () => false,
    );
  await until(answers, (yes) => yes);

  return {
    ...{ run, uri, folder, virsh, pidOf, logFolder: join(folder, "cache/libvirt/qemu/log") },
    async define(name, { heartbeat }) {
      const disk = join(folder, `${name}.img`);
      await writeFile(disk, tinyGuest());
      await own(disk);
      const file = join(folder, `${name}.xml`);
      await writeFile(file, domainXml(folder, name, heartbeat));
      await virsh("define", file);
    },
    async end() {
      for (const name of (await virsh("list", "--name")).split("\n").filter((line) => line !== "")) {
        process.kill(await pidOf(name), "SIGKILL");
      }
      daemon.kill("SIGTERM");
      await daemon.exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const VARIABLE: Readonly<Record<string, string>> = { run: "RUNTIME_DIR", config: "CONFIG_HOME", cache: "CACHE_HOME" };

const domainXml = (folder: string, name: string, heartbeat: boolean) => `<domain type='qemu'>
  <name>${name}</name>
  <memory unit='MiB'>16</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <features><acpi/></features>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type='file' device='disk'>
      <driver name='qemu' type='raw'/><source file='${folder}/${name}.img'/><target dev='vda' bus='virtio'/>
    </disk>
    <serial type='pty'><log file='${folder}/${name}.console' append='off'/><target port='0'/></serial>
    ${
      heartbeat
        ? `<serial type='unix'>
      <source mode='bind' path='${folder}/${name}.beat'/><target port='1'/><alias name='ua-multiverse-heartbeat'/>
    </serial>`
        : ""
    }
  </devices>
</domain>
`;
