// OVMF: where its code is, and an NVRAM file for each machine.
import { constants } from "node:fs";
import { access, copyFile } from "node:fs/promises";
import { ActionableError, EXIT } from "../errors.ts";
import type { UefiFirmware } from "./machine-options.ts";

/** Debian's and Fedora's places; code and variables come in pairs of the same flash size. */
const PAIRS = [
  { code: "/usr/share/OVMF/OVMF_CODE_4M.fd", vars: "/usr/share/OVMF/OVMF_VARS_4M.fd" },
  { code: "/usr/share/edk2/ovmf/OVMF_CODE.fd", vars: "/usr/share/edk2/ovmf/OVMF_VARS.fd" },
] as const;

/**
 * UEFI firmware whose variables are in `nvram`. A file that is there is used as it is, so that boot entries outlive
 * the machine that wrote them; otherwise it is made with no variable set.
 */
export async function uefiFirmware(nvram: string): Promise<UefiFirmware> {
  for (const { code, vars } of PAIRS) {
    if (!(await exists(code)) || !(await exists(vars))) continue;
    if (!(await exists(nvram))) await copyFile(vars, nvram);
    return { kind: "uefi", code, nvram };
  }
  throw new ActionableError({
    code: "vm-no-firmware",
    exit: EXIT.refused,
    message: "The UEFI firmware for virtual machines is not installed.",
    evidence: PAIRS.map(({ code }) => `not found: ${code}`),
    hint: "Install the Debian package ovmf.",
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}
