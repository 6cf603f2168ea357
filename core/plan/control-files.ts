// The files that make people able to command the installed host by signing (docs/formats/control-protocol.md).
import { allowedSigners, policyText } from "../control/enroll.ts";
import type { ResolvedSpec } from "../spec/resolved.ts";
import type { FileToWrite } from "./step.ts";
import { textFile as file } from "./text-file.ts";

const FOLDER = "/etc/multiverse/control";

/** Where nobody is named, there are no files, and the host takes no command. */
export function controlFiles({ admins }: ResolvedSpec): FileToWrite[] {
  if (admins.length === 0) return [];
  const people = admins.map(({ name, key, operations }) => ({
    ...{ name, key },
    ...(operations === null ? {} : { operations }),
  }));
  return [
    file(`${FOLDER}/allowed_signers`, lines(allowedSigners(people))),
    file(`${FOLDER}/policy.yml`, lines(policyText(people))),
    { path: `${FOLDER}/revoked_keys`, content: "", mode: "0644" },
  ];
}

function lines(text: string): string[] {
  return text.replace(/\n$/, "").split("\n");
}
