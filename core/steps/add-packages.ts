// Adds the spec's packages with apt, inside the target, without starting any of their services.
import type { StepData } from "../plan/step.ts";
import { type Action, run, type StepKind, tidy } from "./action.ts";
import { inTarget } from "./configure.ts";
import { ROOT, toDisk } from "./places.ts";

type Data = Extract<StepData, { kind: "add-packages" }>;

const POLICY = `${ROOT}/usr/sbin/policy-rc.d`;
const INITRAMFS = `${ROOT}/etc/initramfs-tools/update-initramfs.conf`;

export const addPackages: StepKind<Data> = {
  kind: "add-packages",
  actions: ({ packages }): Action[] => [
    { do: "write", path: POLICY, content: "#!/bin/sh\nexit 101\n", mode: "0755" },
    // The generic initramfs is the image's own; what a package would change in it comes with the next update.
    run("cp", INITRAMFS, `${INITRAMFS}.kept`),
    { do: "write", path: INITRAMFS, content: "update_initramfs=no\n", mode: "0644" },
    run("mkdir", "-p", `${ROOT}/run/systemd/resolve`),
    run("cp", "-L", "/etc/resolv.conf", `${ROOT}/run/systemd/resolve/stub-resolv.conf`),
    { do: "run", argv: inTarget("apt-get", "update", "--error-on=any"), seconds: 900 },
    {
      do: "run",
      argv: inTarget("apt-get", "install", "--yes", "--no-install-recommends", ...packages),
      seconds: 7200,
    },
    run("rm", "-r", `${ROOT}/run/systemd`),
    run("mv", `${INITRAMFS}.kept`, INITRAMFS),
    run("rm", POLICY),
    toDisk,
  ],
  redo: () => [
    tidy("mv", `${INITRAMFS}.kept`, INITRAMFS),
    { do: "run", argv: inTarget("dpkg", "--configure", "-a"), anyExit: true, seconds: 1800 },
  ],
};
