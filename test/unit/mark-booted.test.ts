// What marks a release as booted, with stand-ins for findmnt and zfs that note what they were asked.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const SCRIPT = new URL("../../rescue/root/host/usr/lib/multiverse-host/mark-booted", import.meta.url).pathname;

function mark(root: string, release: string): { status: number | null; set: string[] } {
  const folder = mkdtempSync(join(tmpdir(), "booted-"));
  try {
    const program = (name: string, text: string) =>
      writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    program("findmnt", `echo '${root}'`);
    program("zfs", `if [ "$1" = get ]; then echo '${release}'; else echo "$*" >>'${folder}/set'; fi`);
    const { status } = spawnSync("sh", [SCRIPT], { env: { PATH: `${folder}:/usr/bin:/bin` }, encoding: "utf8" });
    const log = join(folder, "set");
    return { status, set: existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.each(["saturn/jupiter/rec/g1", "/dev/sda2", "overlay"])("on %s nothing is marked", (root) => {
  expect(mark(root, "6b00be1d")).toEqual({ status: 0, set: [] });
});

test.each(["-", "", "x; reboot"])("a root that says it is of release `%s` marks nothing, and fails", (release) => {
  expect(mark("saturn/jupiter/os/g3", release)).toEqual({ status: 1, set: [] });
});

test("the release has booted, is safe, and its tries are cleared, in this order", () => {
  expect(mark("saturn/jupiter/os/g3", "6b00be1d")).toEqual({
    status: 0,
    set: [
      "set multiverse:booted=yes saturn/jupiter/os/g2@6b00be1d",
      "set multiverse:safe=6b00be1d multiverse:tries=0 saturn/jupiter/os/g2",
    ],
  });
});
