// The steps that make a copied root this host's own; whatever its file system, it is mounted at the same place.
import type { ResolvedSpec } from "../spec/resolved.ts";
import { HOST_KEYS } from "./data-sets.ts";
import type { Layout } from "./layout/layout.ts";
import { espMountpoints } from "./mount-files.ts";
import { step } from "./planned-step.ts";
import type { FileToWrite, Step } from "./step.ts";
import { identityFiles, identityLinks } from "./system-files.ts";

/** What a root has besides, where it is not copied to another one first. */
export interface FurtherFiles {
  files: readonly FileToWrite[];
  folders: readonly string[];
}

/** Name, language, network, users, packages. */
export function configureSteps(spec: ResolvedSpec, layout: Layout, hostid: string, further?: FurtherFiles): Step[] {
  const folders = [...espMountpoints(layout).slice(1), ...(further?.folders ?? [])];
  const files = [...identityFiles(spec, layout), ...(further?.files ?? [])];
  return [
    step("set name, language, network", "writes", {
      ...{ kind: "configure", hostid, locale: spec.host.locale },
      // A file that is there twice is the later one.
      ...{ files: [...new Map(files.map((file) => [file.path, file])).values()], links: identityLinks(spec, layout) },
      ...(folders.length === 0 ? {} : { folders }),
    }),
    ...(spec.users.length === 0 ? [] : [step("add the users", "writes", { kind: "add-users", users: spec.users })]),
    ...(spec.packages.add.length === 0
      ? []
      : [step("add packages", "writes", { kind: "add-packages", packages: spec.packages.add })]),
  ];
}

export const hostKeySteps = (): Step[] => [
  step("make the host's ssh keys", "writes", { kind: "host-keys", directory: HOST_KEYS }),
];
