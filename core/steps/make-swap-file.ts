// Makes a swap file in the root that is mounted; what is encrypted below it encrypts it, too.
import type { StepData } from "../plan/step.ts";
import { type Action, run, type StepKind, tidy } from "./action.ts";
import { ROOT, toDisk } from "./places.ts";

type Data = Extract<StepData, { kind: "make-swap-file" }>;

export const makeSwapFile: StepKind<Data> = {
  kind: "make-swap-file",
  actions({ path, bytes, uuid, filesystem }): Action[] {
    const file = `${ROOT}${path}`;
    const folder = file.slice(0, file.lastIndexOf("/"));
    if (filesystem === "btrfs") {
      // Without copy-on-write, compression and holes, which the kernel cannot swap to (btrfs(5), "SWAPFILE SUPPORT").
      const make: [string, ...string[]] = ["btrfs", "filesystem", "mkswapfile", "--size", bytes, "--uuid", uuid, file];
      return [run("mkdir", "-p", folder), { do: "run", argv: make, seconds: 1800 }, toDisk];
    }
    return [
      run("mkdir", "-p", folder),
      run("fallocate", "--length", bytes, file),
      run("chmod", "0600", file),
      run("mkswap", "--uuid", uuid, file),
      toDisk,
    ];
  },
  redo: ({ path }) => [tidy("rm", "-f", `${ROOT}${path}`)],
};
