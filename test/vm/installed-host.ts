// Installed disks, kept by what went into them: a scenario that needs a host does not install one again.
import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createDisk, createOverlay, flattenDisk, getFile } from "../../core/vm/disk-image.ts";
import { defaultCache } from "../../rescue/build.ts";
import { bootRescue, powerOff } from "./boot-rescue.ts";
import { type HostSecrets, makeHostSecrets } from "./host-secrets.ts";
import { hostSpec, TARGET_ID, TARGET_SERIAL } from "./host-spec.ts";
import { install } from "./install-run.ts";
import { makeStateDisk, targetDisk } from "./rescue-machine.ts";
import type { Context } from "./scenario.ts";

/** An installed host that a scenario may change. */
export interface InstalledHost {
  disk: string;
  nvram: string;
  secrets: HostSecrets;
  spec: string;
  /** The kept original; facts about it that are dear to find can be stored beside it. */
  kept: string;
}

export const TARGET_BYTES = 12 * 1024 ** 3;

/** What a kept host is made from: the spec without its secrets, and the images. */
const RECIPES = {
  "zfs-plain": { unlock: "none", passphrases: false, set: "minimal" },
  "zfs-passphrase": { unlock: "passphrase", passphrases: true, set: "minimal" },
  hypervisor: { unlock: "none", passphrases: false, set: "hypervisor" },
} as const;

export type RecipeName = keyof typeof RECIPES;

export function isRecipe(name: string): name is RecipeName {
  return name in RECIPES;
}

const PLACEHOLDER: HostSecrets = {
  ...{ rootPassword: "", rootHash: "", adaPassword: "", adaHash: "", passphrase: "", recoveryPassphrase: "" },
  ...{ adminKey: "", adminPublic: "" },
};

function keptFolder(context: Context, recipe: RecipeName): string {
  const spec = hostSpec(PLACEHOLDER, { unlock: RECIPES[recipe].unlock, disk: TARGET_ID, set: RECIPES[recipe].set });
  const key = createHash("sha256")
    .update(JSON.stringify([context.images.manifest, spec, TARGET_BYTES]))
    .digest("hex");
  return join(defaultCache(), "installed", `${recipe}-${key.slice(0, 16)}`);
}

/** A kept host, or null where none was made from these images. */
export async function findInstalledHost(context: Context, recipe: RecipeName): Promise<InstalledHost | null> {
  const kept = keptFolder(context, recipe);
  const there = await stat(kept).catch(() => null);
  return there === null ? null : openKept(context, kept);
}

/** Installs in a rescue machine, keeps the result and gives a copy of it. Throws when the install fails. */
export async function makeInstalledHost(context: Context, recipe: RecipeName): Promise<InstalledHost> {
  const { unlock, passphrases, set } = RECIPES[recipe];
  const { run } = context.tools;
  const secrets = await makeHostSecrets(run);
  const spec = hostSpec(secrets, { unlock, disk: TARGET_ID, set });
  const disk = join(context.work, "target.qcow2");
  const nvram = join(context.work, "nvram.fd");
  await createDisk(run, disk, TARGET_BYTES);
  const state = await makeStateDisk(context, spec);
  const rescue = await bootRescue(context, {
    // The plain install is the one that proves that the rescue system starts.
    ...{ name: "rescue", nvram, state, cold: recipe === "zfs-plain" },
    disks: [targetDisk(disk, TARGET_SERIAL)],
  });
  const result = await install(context, rescue, passphrases ? { secrets } : {});
  context.same("the install ended well", String(result.exit), "0");
  await powerOff(context, rescue);
  await writeFile(join(context.folder, "spec-after.yml"), (await getFile(run, state, "multiverse.yml")) ?? "");
  if (result.exit !== 0) throw new Error(`the install of ${recipe} ended with status ${result.exit}`);
  return keep(context, recipe, { disk, nvram, secrets, spec });
}

async function keep(context: Context, recipe: RecipeName, made: Omit<InstalledHost, "kept">): Promise<InstalledHost> {
  const kept = keptFolder(context, recipe);
  const unfinished = `${kept}.unfinished-${process.pid}`;
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  await context.timed("the installed disk kept", async () => {
    await flattenDisk(context.tools.run, made.disk, join(unfinished, "disk.qcow2"));
    await copyFile(made.nvram, join(unfinished, "nvram.fd"));
    const facts = JSON.stringify({ secrets: made.secrets, spec: made.spec });
    await writeFile(join(unfinished, "host.json"), facts, { mode: 0o600 });
    await removeOthers(recipe);
    await rm(kept, { recursive: true, force: true });
    await rename(unfinished, kept);
  });
  await rm(made.disk);
  return openKept(context, kept);
}

/** One kept disk for each recipe: an older one belongs to images that are gone. */
async function removeOthers(recipe: RecipeName): Promise<void> {
  const folder = join(defaultCache(), "installed");
  for (const name of await readdir(folder)) {
    if (new RegExp(`^${recipe}-[0-9a-f]{16}$`).test(name)) await rm(join(folder, name), { recursive: true });
  }
}

async function openKept(context: Context, kept: string): Promise<InstalledHost> {
  const disk = join(context.work, "installed.qcow2");
  const nvram = join(context.work, "installed-nvram.fd");
  await rm(disk, { force: true });
  await createOverlay(context.tools.run, disk, join(kept, "disk.qcow2"), "qcow2");
  await copyFile(join(kept, "nvram.fd"), nvram);
  const facts = JSON.parse(await readFile(join(kept, "host.json"), "utf8")) as { secrets: HostSecrets; spec: string };
  return { disk, nvram, kept, ...facts };
}
