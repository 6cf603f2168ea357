// One line for each file of a release: type, mode, owner, size, link target and content hash. Two installs must agree.
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import { OS } from "./host-checks.ts";
import type { InstalledHost } from "./installed-host.ts";
import type { Context } from "./scenario.ts";

export interface TreeManifest {
  /** SHA-256 over all lines; they stay on the host, because a serial line is slow. */
  hash: string;
  files: number;
}

/** Written on the host, so that a difference can be looked up there. */
export const MANIFEST_PATH = "/var/cache/tree-manifest";

const SCRIPT = `set -eu
release=$(zfs get -Hpo value multiverse:current ${OS}/g2)
mkdir -p /run/release
mount -t zfs ${OS}/g2@"$release" /run/release
cd /run/release
# A directory's size is how many entries it has; that follows from the other lines.
find . -xdev -type d -printf '%y %m %U %G - %l %p\\n' >/run/lines
find . -xdev ! -type d -printf '%y %m %U %G %s %l %p\\n' >>/run/lines
find . -xdev -type f -print0 | LC_ALL=C sort -z | xargs -0 -P "$(nproc)" -n 400 sha256sum >>/run/lines
LC_ALL=C sort /run/lines >${MANIFEST_PATH}
cd /
umount /run/release
sha256sum <${MANIFEST_PATH} | cut -d' ' -f1
wc -l <${MANIFEST_PATH}
`;

/** The manifest of the current release of a booted host. */
export async function treeManifest(context: Context, shell: GuestShell): Promise<TreeManifest> {
  return context.timed("the release's tree is hashed", async () => {
    const output = await shell.output(SCRIPT, { deadlineMs: 1_800_000, what: "the tree to be hashed" });
    const [hash = "", files = "0"] = output.trim().split("\n");
    return { hash, files: Number(files) };
  });
}

/** Fetches the lines themselves, packed, and checks that they arrived whole. */
export async function fetchManifest(context: Context, shell: GuestShell, name: string): Promise<string[]> {
  const packed = await shell.output(`gzip -9 -c ${MANIFEST_PATH} | base64 -w 0`, { deadlineMs: 1_800_000 });
  const bytes = Buffer.from(packed, "base64");
  await writeFile(join(context.folder, `${name}.gz`), bytes);
  const text = gunzipSync(bytes).toString("utf8");
  context.log(`manifest ${createHash("sha256").update(text).digest("hex")}`);
  return text.trimEnd().split("\n");
}

const KEPT = "tree-hash.json";

/** Stores the hash beside a kept host, so that nobody has to boot it again for that. */
export async function keepTreeHash(host: InstalledHost, manifest: TreeManifest): Promise<void> {
  await writeFile(join(host.kept, KEPT), JSON.stringify(manifest));
}

export async function keptTreeHash(host: InstalledHost): Promise<TreeManifest | null> {
  const text = await readFile(join(host.kept, KEPT), "utf8").catch(() => null);
  return text === null ? null : (JSON.parse(text) as TreeManifest);
}
