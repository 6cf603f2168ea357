// Runs functions of the initramfs scripts in a shell whose `zfs` and `uname` are small stand-ins over a list of data sets.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface FakeSet {
  name: string;
  /** Order of creation; snapshots and file systems share one count. */
  createtxg: number;
  properties?: Record<string, string>;
  /** What a clone stands on. */
  origin?: string;
}

const SCRIPTS = new URL("../../initramfs-hooks/scripts/", import.meta.url).pathname;

/** A zfs(8) that knows get, list, rename, destroy and clone over lines of `name<TAB>txg<TAB>origin<TAB>property=value…`. */
const FAKE_ZFS = `#!/bin/sh
state=$FAKE_STATE
cmd=$1; shift
exists() { cut -f1 "$state" | grep -qxF -- "$1"; }
case $cmd in
get) while [ $# -gt 2 ]; do shift; done
	exists "$2" || exit 1
	value=$(awk -F'\\t' -v n="$2" -v p="$1" '$1==n{for(i=4;i<=NF;i++){split($i,kv,"=");if(kv[1]==p)print substr($i,length(p)+2)}}' "$state")
	echo "\${value:--}" ;;
list) type=filesystem; order=1; depth=
	while [ $# -gt 1 ]; do case $1 in -t) type=$2; shift ;; -s) order=1; shift ;; -S) order=-1; shift ;; -d) depth=$2; shift ;; -o) shift ;; esac; shift; done
	case $1 in *@*) exists "$1" && echo "$1"; exit ;; esac
	exists "$1" || exit 1
	if [ "$type" = snapshot ]; then awk -F'\\t' -v p="$1@" 'index($1,p)==1{print $2"\\t"$1}' "$state" | if [ $order = 1 ]; then sort -n; else sort -rn; fi | cut -f2
	elif [ -n "$depth" ]; then awk -F'\\t' -v n="$1" '$1==n||(index($1,n"/")==1&&index(substr($1,length(n)+2),"/")==0&&index($1,"@")==0){print $2"\\t"$1}' "$state" | sort -n | cut -f2
	else echo "$1"; fi ;;
rename) exists "$2" && exit 1; exists "$1" || exit 1; awk -F'\\t' -v OFS='\\t' -v a="$1" -v b="$2" '$1==a{$1=b}{print}' "$state" >"$state.new" && mv "$state.new" "$state" ;;
destroy) exists "$1" || exit 1; grep -q "^$1@" "$state" && exit 1; awk -F'\\t' -v n="$1" '$1!=n' "$state" >"$state.new" && mv "$state.new" "$state" ;;
*) exit 2 ;;
esac
`;

/** Runs `call` after sourcing the scripts of generations on ZFS; gives its output, its status, the data sets afterwards and the note it left. */
export function runHook(
  call: string,
  sets: readonly FakeSet[],
  kernel = "6.12.0-amd64",
  notes: "writable" | "not writable" = "writable",
) {
  const directory = mkdtempSync(join(tmpdir(), "hook-"));
  try {
    const state = join(directory, "state");
    const line = ({ name, createtxg, origin = "-", properties = {} }: FakeSet) =>
      [name, createtxg, origin, ...Object.entries(properties).map(([key, value]) => `${key}=${value}`)].join("\t");
    writeFileSync(state, sets.map((set) => `${line(set)}\n`).join(""));
    writeFileSync(join(directory, "zfs"), FAKE_ZFS, { mode: 0o755 });
    writeFileSync(join(directory, "uname"), `#!/bin/sh\necho ${kernel}\n`, { mode: 0o755 });
    const { stdout, status, stderr } = spawnSync(
      "dash",
      ["-c", `. "${SCRIPTS}multiverse-datasets"\n. "${SCRIPTS}multiverse-generations"\n${call}`],
      {
        encoding: "utf8",
        env: {
          ...{ PATH: `${directory}:${process.env.PATH}`, FAKE_STATE: state },
          MULTIVERSE_NOTES: notes === "writable" ? join(directory, "notes") : join(state, "notes"),
        },
      },
    );
    const names = readFileSync(state, "utf8")
      .split("\n")
      .filter((text) => text !== "")
      .map((text) => text.split("\t")[0] ?? "");
    const noted = join(directory, "notes", "generation");
    const note = existsSync(noted) ? readFileSync(noted, "utf8") : null;
    return { out: stdout.trim(), status, stderr, names, note };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
