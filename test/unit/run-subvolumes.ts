// Runs functions of the initramfs scripts for btrfs in a shell: subvolumes are folders, and `btrfs` is a small stand-in.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SCRIPTS = new URL("../../initramfs-hooks/scripts/", import.meta.url).pathname;

/** Knows `subvolume snapshot|delete` and `inspect-internal rootid`; a folder with a file `nested` has subvolumes in it. */
const FAKE_BTRFS = `#!/bin/sh
case "$1 $2" in
"subvolume snapshot") [ -d "$3" ] && [ ! -e "$4" ] && cp -r "$3" "$4" && echo "$3" >"$4/origin" ;;
"subvolume delete") [ -d "$3" ] && [ ! -e "$3/nested" ] && rm -r "$3" ;;
"inspect-internal rootid") cat "$3/id" ;;
*) exit 2 ;;
esac
`;

export interface FakeTree {
  /** Name below os → its id; `g2@<release>` are releases. */
  os: Readonly<Record<string, number>>;
  /** Names below os that somebody made subvolumes in. */
  nested?: readonly string[];
  /** The file that stands for the properties, or none. */
  generations?: string;
}

/** Runs `call`, in which $OS is the folder of g1's neighbours; gives what is below it afterwards and where g3 comes from. */
export function runSubvolumes(call: string, tree: FakeTree, kernel = "6.12.0-amd64") {
  const directory = mkdtempSync(join(tmpdir(), "subvolumes-"));
  try {
    const os = join(directory, "top/jupiter/os");
    const data = join(directory, "top/jupiter/data/lib-multiverse");
    for (const folder of [os, data, join(directory, "bin")]) mkdirSync(folder, { recursive: true });
    for (const [name, id] of Object.entries(tree.os)) {
      mkdirSync(join(os, name));
      writeFileSync(join(os, name, "id"), `${id}\n`);
    }
    for (const name of tree.nested ?? []) writeFileSync(join(os, name, "nested"), "");
    if (tree.generations !== undefined) writeFileSync(join(data, "generations"), tree.generations);
    writeFileSync(join(directory, "bin/btrfs"), FAKE_BTRFS, { mode: 0o755 });
    writeFileSync(join(directory, "bin/uname"), `#!/bin/sh\necho ${kernel}\n`, { mode: 0o755 });
    const stop = 'multiverse_stop() { echo "stopped: $1"; exit 9; }';
    const sources = ["multiverse-subvolumes", "multiverse-generations"].map((name) => `. "${SCRIPTS}${name}"`);
    const { stdout, status, stderr } = spawnSync("dash", ["-c", [stop, ...sources, call].join("\n")], {
      encoding: "utf8",
      env: {
        PATH: `${join(directory, "bin")}:${process.env.PATH}`,
        OS: os,
        MULTIVERSE_NOTES: join(directory, "notes"),
      },
    });
    const read = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : null);
    return {
      ...{ out: stdout.trim().replaceAll(os, "…"), status, stderr, names: readdirSync(os).sort() },
      origin: read(join(os, "g3/origin"))?.trim().replace(os, "…") ?? null,
      note: read(join(directory, "notes/generation")),
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
