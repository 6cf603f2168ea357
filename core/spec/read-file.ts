// Reads what people write from files: the only place of core/spec that touches the disk.
import { open } from "node:fs/promises";
import { ActionableError, EXIT } from "../errors.ts";
import { invalidYaml, MAX_BYTES } from "./yaml.ts";

/** Gives a file's bytes; readRegularFile reads the disk. Tests and the medium pass others. */
export type ReadBytes = (name: string) => Promise<Uint8Array>;

/** @throws ActionableError `invalid-yaml` (exit 2) when the bytes are no UTF-8 */
export function decodeText(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw invalidYaml([`${name}:1:1: the file is not UTF-8 text`]);
  }
}

/** At most one byte more than is allowed is read, so that a device or a huge file does no harm. */
export async function readRegularFile(name: string): Promise<Uint8Array> {
  try {
    const file = await open(name, "r");
    try {
      const about = await file.stat();
      if (about.isDirectory()) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
      const buffer = Buffer.alloc(MAX_BYTES + 1);
      let filled = 0;
      for (;;) {
        const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, null);
        filled += bytesRead;
        if (bytesRead === 0 || filled === buffer.length) return buffer.subarray(0, filled);
      }
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw cannotRead(name, cause);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "it may not be read",
  EISDIR: "it is a folder",
  ELOOP: "its links go in a circle",
};

function cannotRead(name: string, cause: unknown): ActionableError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return new ActionableError({
    code: "cannot-read",
    exit: EXIT.usage,
    message: `${name} cannot be read: ${REASONS[code] ?? code}.`,
    hint: "Check the name of the file.",
    cause,
  });
}
