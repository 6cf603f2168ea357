// Puts kernel and initramfs, with the host archive appended, on the EFI partition: temporary name, synced, renamed, read back.
import { sha256 } from "../plan/derive.ts";
import type { BootFiles, Evidence, StepData } from "../plan/step.ts";
import { type Action, run, type StepKind, tidy } from "./action.ts";
import { ESP } from "./places.ts";

type Data = Extract<StepData, { kind: "boot-files" }>;

const WORK = "/run/multiverse/boot";
const HASH_DIGITS = 16;

/** Releases with the same kernel, initramfs and host archive share one directory. */
export function contentDirectory({ directory, archive }: BootFiles, { kernel }: Evidence): string {
  const content = sha256(`${kernel.vmlinuzSha256}\n${kernel.initrdSha256}\n${archive}\n`).slice(0, HASH_DIGITS);
  return `${directory}/${content}`;
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
  actions({ boot }, evidence) {
    const directory = `${ESP}${contentDirectory(boot, evidence)}`;
    const { vmlinuz, initrd } = evidence.kernel;
    return [
      run("mkdir", "-p", WORK, directory),
      { do: "write", path: `${WORK}/archive`, content: boot.archive, base64: true, mode: "0600" },
      run("cp", initrd, `${WORK}/initrd`),
      // The kernel unpacks a second archive only at an offset that is a multiple of 4; truncate(1)'s % rounds up with zeros.
      run("truncate", "--size=%4", `${WORK}/initrd`),
      run("dd", `if=${WORK}/archive`, `of=${WORK}/initrd`, "oflag=append", "conv=notrunc", "bs=64K", "status=none"),
      ...place(vmlinuz, `${directory}/vmlinuz`),
      ...place(`${WORK}/initrd`, `${directory}/initrd`),
      run("rm", "-r", WORK),
    ];
  },
  redo: () => [tidy("rm", "-rf", WORK)],
};
