// `multiverse spec from-host`: reads the running system and writes its spec.
import { join } from "node:path";
import { ActionableError, EXIT } from "../core/errors.ts";
import { readHostFacts } from "../core/from-host/facts.ts";
import { hostSpecAsYaml, specFromHost } from "../core/from-host/spec-from-host.ts";
import { packageHome } from "../core/package-home.ts";
import { readPackages } from "../rescue/package-list.ts";
import type { Context } from "./verb.ts";
import { writeNew } from "./write-new.ts";

export interface FromHostOptions {
  hashes: boolean;
  output: string | undefined;
  json: boolean;
}

/** Only its owner may read the file: hashes can be guessed at. */
const MODE = 0o600;

export async function fromHost({ run, signal, out, say }: Context, options: FromHostOptions): Promise<void> {
  if (options.hashes && (process.getuid?.() ?? 0) !== 0) throw hashesNeedRoot();
  const list = async (name: string) => new Set(await readPackages(join(packageHome(), `profiles/hosts/${name}.yml`)));
  const sets = { minimal: await list("minimal"), hypervisor: await list("hypervisor") };
  const made = specFromHost(await readHostFacts(run, { hashes: options.hashes }, signal), sets);
  const text = options.json ? `${JSON.stringify(made.spec, null, 2)}\n` : hostSpecAsYaml(made);
  if (options.output === undefined) {
    out(text);
    return;
  }
  await writeNew(options.output, text, { mode: MODE, hint: "Choose another name." });
  say(`written to ${options.output}\n`);
}

function hashesNeedRoot(): ActionableError {
  return new ActionableError({
    code: "not-root",
    exit: EXIT.refused,
    message: "Only root may read the hashes of passwords.",
    hint: "Run the same command with sudo, or leave --hashes out: the hashes are then asked for.",
  });
}
