// Loads specs from text for the unit tests, as if they were files.
import { ActionableError } from "../../core/errors.ts";
import { type LoadedSpec, loadSpec } from "../../core/spec/load.ts";

/** The spec of these files in order; referenced files may be among `others`. */
export async function loadTexts(
  files: Record<string, string>,
  others: Record<string, string> = {},
): Promise<LoadedSpec> {
  const all: Record<string, string> = { ...others, ...files };
  return await loadSpec(Object.keys(files), async (name) => {
    const text = all[name];
    if (text === undefined)
      throw new ActionableError({
        code: "cannot-read",
        exit: 2,
        message: `${name} cannot be read: there is no such file.`,
      });
    return new TextEncoder().encode(text);
  });
}

/** The spec of one text. */
export async function loadText(text: string): Promise<LoadedSpec> {
  return await loadTexts({ "a.yml": text });
}

/** The error of something that must fail, as a person would read it. */
export async function refusal(
  work: () => unknown,
): Promise<{ code: string; exit: number; text: string; evidence: readonly string[] }> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ActionableError)) throw error;
    return {
      code: error.code,
      exit: error.exit,
      evidence: error.evidence,
      text: [error.message, ...error.evidence, error.hint ?? ""].join("\n"),
    };
  }
  throw new Error("nothing was refused");
}

/** A key that parses; its private half was thrown away. */
export const PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl someone";

/** Everything that a plan needs, for the machine with one blank disk. */
export const COMPLETE = `version: 1
host: {name: jupiter.example.net}
disks: {system: virtio-MVTARGET01}
root: {encryption: none}
users: [{name: ada, ssh-keys: ["${PUBLIC_KEY}"]}]
`;
