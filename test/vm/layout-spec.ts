// The specs of layout scenarios: a tiny root on the disks and in the way that the scenario is about.

import type { HostSecrets } from "./host-secrets.ts";
import { EXPECTED } from "./host-spec.ts";

/** Each is a value of the spec's key as YAML on one line. */
export interface LayoutSpecOptions {
  disks: string;
  /** What `root` says besides the system's name, e.g. "layout: mirror". */
  root: string;
  esp?: string;
  swap?: string;
}

/** Fits a root of 45 MB with its generations; disks are sparse, so their size costs nothing. */
export const LAYOUT_ESP = "{size: 1 GiB}";

export function layoutSpec(secrets: HostSecrets, options: LayoutSpecOptions): string {
  const { esp = LAYOUT_ESP, swap = "{kind: partition, size: 512 MiB}" } = options;
  return `# A tiny root for a test of a layout; made by test/vm/layout-spec.ts.
version: 1
host: {name: ${EXPECTED.host}, timezone: ${EXPECTED.timezone}, locale: C.UTF-8, keyboard: us}
disks: ${options.disks}
root: {system: ${EXPECTED.system}, ${options.root}}
esp: ${esp}
swap: ${swap}
source: "live:"
packages: {set: minimal}
boot: {timeout: 2}
users: [{name: root, password: "${secrets.rootHash}"}]
network: {lan0: {dhcp: true}}
`;
}
