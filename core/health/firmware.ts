// How the machine was started: UEFI or BIOS, and whether Secure Boot holds.
import type { HostFacts } from "../status/host-facts.ts";
import type { SourcePorts } from "../status/source.ts";
import type { Argv } from "../tools/run.ts";
import type { AskBriefly } from "./ask-briefly.ts";

const EFI = "/sys/firmware/efi";
/** EFI_GLOBAL_VARIABLE of the UEFI specification. */
const GLOBAL = "8be4df61-93ca-11d2-aa0d-00e098032b8c";

/** Through od, as the probe does it: a variable is bytes (four of attributes, then the value), and a file port gives text. */
export const dumpVariable = (name: string): Argv => ["od", "-An", "-v", "-tx1", `${EFI}/efivars/${name}-${GLOBAL}`];

/** The value of a variable of one byte; null where the dump is none. */
export function variableByte(dump: string): number | null {
  const bytes = dump.trim().split(/\s+/);
  return bytes.length === 5 && bytes.every((byte) => /^[0-9a-f]{2}$/.test(byte))
    ? Number.parseInt(bytes[4] ?? "", 16)
    : null;
}

export async function readFirmware(
  ports: SourcePorts,
  ask: AskBriefly,
  signal: AbortSignal,
): Promise<HostFacts["firmware"]> {
  if ((await ports.list(EFI)).length === 0) return { kind: "bios", secureBoot: "off" };
  const byte = async (name: string) => {
    const { exit, stdout } = await ask(ports.run, dumpVariable(name), 3_000, signal);
    return exit === 0 ? variableByte(stdout) : null;
  };
  const [secureBoot, setupMode] = [await byte("SecureBoot"), await byte("SetupMode")];
  // In setup mode anybody may enrol keys, whatever else is said.
  if (setupMode === 1) return { kind: "uefi", secureBoot: "setup-mode" };
  if (secureBoot === null) return { kind: "uefi", secureBoot: "unknown" };
  return { kind: "uefi", secureBoot: secureBoot === 1 ? "on" : "off" };
}
