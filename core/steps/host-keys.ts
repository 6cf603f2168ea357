// Makes the host's ssh key in its data set, so that every generation is the same host to those who connect.
import type { StepData } from "../plan/step.ts";
import { run, type StepKind } from "./action.ts";
import { ROOT, toDisk } from "./places.ts";

type Data = Extract<StepData, { kind: "host-keys" }>;

export const hostKeys: StepKind<Data> = {
  kind: "host-keys",
  actions({ directory }) {
    const key = `${ROOT}${directory}/ssh_host_ed25519_key`;
    return [
      run("rm", "-f", key, `${key}.pub`),
      run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "host", "-f", key),
      toDisk,
    ];
  },
};
