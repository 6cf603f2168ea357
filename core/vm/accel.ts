// Hardware virtualisation or emulation: decided by really running something, because /dev/kvm can be there and broken.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Run } from "../tools/run.ts";

export type Accel = "kvm" | "tcg";

/** What the boot sector writes to isa-debug-exit; QEMU then ends with `value * 2 + 1`. */
const PROBE_VALUE = 0x2a;
const PROBE_EXIT = PROBE_VALUE * 2 + 1;

/** A boot sector that ends its machine with our exit status: mov dx,0xf4; mov al,value; out dx,al; cli; hlt. */
export function probeSector(): Uint8Array {
  const sector = new Uint8Array(512);
  sector.set([0xba, 0xf4, 0x00, 0xb0, PROBE_VALUE, 0xee, 0xfa, 0xf4]);
  sector.set([0x55, 0xaa], 510);
  return sector;
}

/** KVM only where a guest really ran an instruction under it within a few seconds; emulation otherwise. */
export async function detectAccel(run: Run): Promise<Accel> {
  const folder = await mkdtemp(join(tmpdir(), "mv-accel-"));
  try {
    const image = join(folder, "sector");
    await writeFile(image, probeSector());
    await run(
      [
        "qemu-system-x86_64",
        ...["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-machine", "pc", "-m", "16M"],
        ...["-accel", "kvm", "-cpu", "host"],
        ...["-drive", `file=${image},format=raw,if=floppy,readonly=on`, "-boot", "a"],
        ...["-device", "isa-debug-exit,iobase=0xf4,iosize=0x04"],
      ],
      { ok: [PROBE_EXIT], timeoutMs: 10_000 },
    );
    return "kvm";
  } catch {
    return "tcg";
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
