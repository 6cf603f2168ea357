// `npm run demo`: the main job in a virtual machine; attached to its console on a terminal, by itself without one.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRun, start } from "../../core/tools/run-real.ts";
import { createDisk } from "../../core/vm/disk-image.ts";
import { machineAccel } from "../../core/vm/machine.ts";
import { buildImages } from "../../rescue/build.ts";
import { type ContextOptions, openContext } from "./context.ts";
import { runAttached } from "./demo-attached.ts";
import { runHeadless } from "./demo-headless.ts";
import { type HostSecrets, makeHostSecrets } from "./host-secrets.ts";
import { TARGET_BYTES } from "./installed-host.ts";
import { makeStateDiskWith, onStateDisk } from "./rescue-machine.ts";
import { endWell, REPO } from "./run-scenarios.ts";
import type { Context } from "./scenario.ts";

export interface Demo {
  context: Context;
  disk: string;
  nvram: string;
  state: string;
  secrets: HostSecrets;
  /** The specs' paths in the rescue system. */
  files: readonly string[];
  print(line: string): void;
}

const print = (line: string) => void process.stdout.write(`${line}\n`);

/** Nobody can log in to a host of the example alone: it has no password that everyone would then know. */
function usersOf(secrets: HostSecrets): string {
  return `# The demo's users; the passwords were made for this run.
version: 1
users:
  - {name: root, password: "${secrets.rootHash}"}
  - {name: ada, password: "${secrets.adaHash}", groups: [sudo]}
`;
}

async function prepareDemo(options: Omit<ContextOptions, "name">): Promise<{ demo: Demo; close(): Promise<void> }> {
  const { context, close } = await openContext({ ...options, name: "demo" });
  const { run } = context.tools;
  const secrets = await makeHostSecrets(run);
  const disk = join(context.work, "target.qcow2");
  await createDisk(run, disk, TARGET_BYTES);
  const state = await makeStateDiskWith(context, {
    "default.yml": await readFile(join(REPO, "profiles/examples/default.yml"), "utf8"),
    "users.yml": usersOf(secrets),
  });
  const files = ["default.yml", "users.yml"].map(onStateDisk);
  return { demo: { context, disk, nvram: join(context.work, "nvram.fd"), state, secrets, files, print }, close };
}

await endWell(async () => {
  const { values } = parseArgs({ options: { headless: { type: "boolean" }, keep: { type: "boolean" } } });
  const attached = values.headless !== true && process.stdin.isTTY === true && process.stdout.isTTY === true;
  const tools = { run: createRun(), start };
  const began = performance.now();
  print("images (the first time this takes some minutes; afterwards they are kept):");
  const images = await buildImages(tools.run, { repo: REPO, want: ["live"], onProgress: (line) => print(`  ${line}`) });
  const imagesMs = performance.now() - began;
  if ((await machineAccel(tools)) === "tcg") print("KVM does not work here: the machine is emulated, which is slow.");
  const artefacts = join(REPO, "test/artefacts");
  const { demo, close } = await prepareDemo({ artefacts, tools, images, print, keep: values.keep === true });
  try {
    return attached ? await runAttached(demo) : await runHeadless(demo, imagesMs);
  } finally {
    await close();
  }
});
