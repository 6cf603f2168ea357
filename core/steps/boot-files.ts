// Puts kernel and initramfs, with the host archive appended, on the EFI partition: temporary name, synced, renamed, read back.
import { sha256 } from "../plan/derive.ts";
import type { BootFiles, Evidence, StepData } from "../plan/step.ts";
import { type Action, run, type StepKind, tidy } from "./action.ts";
import { inTarget } from "./configure.ts";
import { mountEsp } from "./join-esp.ts";
import { ESP, espPlaces, ROOT } from "./places.ts";

type Data = Extract<StepData, { kind: "boot-files" }>;

const WORK = "/run/multiverse/boot";
const HASH_DIGITS = 16;

/** Releases with the same kernel, initramfs and host archive share one directory. */
export function contentDirectory(boot: BootFiles, { kernel, sources }: Evidence): string {
  const { directory, archive, keyboard } = boot;
  const set = boot.microcode === true ? `${sources.sets?.hypervisor?.sha256}\n` : "";
  const content = sha256(`${kernel.vmlinuzSha256}\n${kernel.initrdSha256}\n${archive}\n${keyboard}\n${set}`).slice(
    0,
    HASH_DIGITS,
  );
  return `${directory}/${content}`;
}

const append = (from: string): Action =>
  run("dd", `if=${from}`, `of=${WORK}/initrd`, "oflag=append", "conv=notrunc", "bs=64K", "status=none");

/** Microcode is looked for at the very start only, and what follows it must begin at a multiple of 4 as well. */
function generic(initrd: string, microcode: boolean): Action[] {
  if (!microcode) return [run("cp", initrd, `${WORK}/initrd`)];
  return [
    run("cp", `${ROOT}/boot/microcode.cpio`, `${WORK}/initrd`),
    run("truncate", "--size=%4", `${WORK}/initrd`),
    append(initrd),
  ];
}

/** The kernel's own table is the US one; any other is compiled in the target, about 3 s in an emulated guest. */
function keymap(keyboard: string): Action[] {
  if (keyboard === "us") return [];
  const [layout = "us", variant] = keyboard.split(":");
  const tree = `${WORK}/keymap`;
  const compile = inTarget("ckbcomp", "-model", "pc105", "-layout", layout, ...(variant ? ["-variant", variant] : []));
  return [
    run("mkdir", "-p", `${tree}/etc/multiverse`),
    { do: "pipe", stages: [compile, ["dd", `of=${tree}/etc/multiverse/keymap`, "status=none"]] },
    {
      do: "run",
      argv: ["cpio", "--create", "--format=newc", "--quiet", `--directory=${tree}`, `--file=${WORK}/keymap.cpio`],
      stdin: "etc\netc/multiverse\netc/multiverse/keymap\n",
    },
    append(`${WORK}/keymap.cpio`),
  ];
}

function place(from: string, to: string): Action[] {
  const differs = {
    code: "esp-differs",
    message: `${to} on the EFI partition is not what was written.`,
    hint: "The disk may be failing: look at `dmesg` and `smartctl -a`.",
  };
  return [
    run("cp", from, `${to}.new`),
    run("sync", `${to}.new`),
    run("mv", `${to}.new`, to),
    run("sync", "--file-system", to),
    { do: "check", argv: ["cmp", from, to], expect: { exit: "zero" }, otherwise: differs },
  ];
}

export const bootFiles: StepKind<Data> = {
  kind: "boot-files",
  actions({ boot, esps }, evidence) {
    const directories = espPlaces(esps).map((esp) => `${esp}${contentDirectory(boot, evidence)}`);
    const { vmlinuz, initrd } = evidence.kernel;
    return [
      run("mkdir", "-p", WORK, ...directories),
      { do: "write", path: `${WORK}/archive`, content: boot.archive, base64: true, mode: "0600" },
      ...generic(initrd, boot.microcode === true),
      // The kernel unpacks a second archive only at an offset that is a multiple of 4; truncate(1)'s % rounds up with zeros.
      run("truncate", "--size=%4", `${WORK}/initrd`),
      // Its length is a multiple of 4, so another may follow it; cpio(1) pads its own to 512.
      append(`${WORK}/archive`),
      ...keymap(boot.keyboard),
      ...directories.flatMap((directory) => [
        ...place(vmlinuz, `${directory}/vmlinuz`),
        ...place(`${WORK}/initrd`, `${directory}/initrd`),
      ]),
      run("rm", "-r", WORK),
    ];
  },
  redo: () => [tidy("rm", "-rf", WORK)],
  undo: ({ boot, joined = [] }, evidence) =>
    joined.flatMap((partuuid) => [
      tidy("umount", ESP),
      ...mountEsp(partuuid, ESP),
      run("rm", "-rf", `${ESP}${contentDirectory(boot, evidence)}`),
      // Folders that others have put something into stay.
      tidy(
        ...(["env", `--chdir=${ESP}/EFI`, "rmdir", "--parents", "--ignore-fail-on-non-empty"] as const),
        boot.directory.replace(/^\/EFI\//, ""),
      ),
      run("sync", "--file-system", ESP),
      run("umount", ESP),
    ]),
};
