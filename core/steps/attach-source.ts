// Mounts the medium that the system is copied from, and lets go of it even when it was pulled out.
import type { AttachedMedium, StepData } from "../plan/step.ts";
import { type Action, run, type StepKind, tidy } from "./action.ts";
import { SOURCE } from "./places.ts";

type Data = Extract<StepData, { kind: "attach-source" }>;

/** In the order in which they are mounted. */
const PLACES = [`${SOURCE}/medium`, `${SOURCE}/host`, `${SOURCE}/program`] as const;
const [MEDIUM, HOST, PROGRAM] = PLACES;

/** Nothing on a medium is run or opened as a device by us; a tree's modes and device files are copied all the same. */
const READ_ONLY = "ro,nosuid,nodev,noexec";

const attach = (medium: AttachedMedium): Action[] => [
  run("udevadm", "settle", "--timeout=60"),
  {
    do: "wait",
    path: medium.device,
    seconds: 30,
    otherwise: {
      code: "source-gone",
      message: `The medium that the system is copied from is not there: ${medium.name}.`,
      hint: "Put it back, then go on with --resume; or use another medium with the same image.",
    },
  },
  run("mkdir", "-p", ...PLACES),
  run("mount", "-t", "squashfs", "-o", READ_ONLY, medium.device, MEDIUM),
  {
    do: "check",
    argv: ["sha256sum", `${MEDIUM}/manifest.json`],
    expect: { stdout: `${medium.manifestSha256}  ${MEDIUM}/manifest.json` },
    otherwise: {
      code: "source-changed",
      message: "This is another medium than the one that was planned with.",
      hint: "Put the right one back, or make the plan again.",
    },
  },
  run("mount", "-t", "squashfs", "-o", `${READ_ONLY},loop`, `${MEDIUM}/host.squashfs`, HOST),
  run("mount", "-t", "squashfs", "-o", `${READ_ONLY},loop`, `${MEDIUM}/program.squashfs`, PROGRAM),
];

/** Lazily: of a medium that was pulled out the old mounts are dead, and the new one has another kernel name. */
export const detachSource = (): Action[] => [...PLACES].reverse().map((place) => tidy("umount", "--lazy", place));

export const attachSource: StepKind<Data> = {
  kind: "attach-source",
  actions: (_, { sources }) =>
    sources.medium === undefined
      ? [
          {
            do: "check",
            argv: ["test", "-d", sources.host],
            expect: { exit: "zero" },
            otherwise: {
              code: "source-gone",
              message: "The running system's own image is not where it should be.",
              hint: "Start the rescue system anew, or use another medium with the same image.",
            },
          },
        ]
      : [...detachSource(), ...attach(sources.medium)],
  restore: (_, { sources }) => (sources.medium === undefined ? [] : [...detachSource(), ...attach(sources.medium)]),
  release: (_, { sources }) => (sources.medium === undefined ? [] : detachSource()),
};
