// Help, made from what the verbs declare.
import type { Verb } from "./verb.ts";

/** `multiverse --help`. */
export function helpOverall(verbs: readonly Verb[]): string {
  const width = Math.max(...verbs.map((verb) => verb.name.length));
  return `${[
    "multiverse turns a machine into a thin host whose operating systems for people are virtual machines.",
    "",
    "usage: multiverse                            opens the screens: on the rescue system, the installer",
    "       multiverse --demo                     the same on a made-up machine; nothing is done to yours",
    "       multiverse VERB [FILE…] [key=value…] [--options]",
    "",
    ...verbs.map((verb) => `  ${verb.name.padEnd(width)}  ${verb.summary}`),
    "",
    "  --help      this text; `multiverse VERB --help` explains a verb, with examples",
    "  --version   the version",
    "",
    "examples:",
    ...verbs.flatMap((verb) => verb.examples.slice(0, 1)).map((example) => `  ${example.line}`),
    "",
    "exit codes: 0 done, 2 usage or unreadable YAML, 3 values missing, 4 refused, 5 a step failed, 6 interrupted, 8 the hardware differs, 70 a bug",
  ].join("\n")}\n`;
}

/** `multiverse VERB --help`. */
export function helpFor(verb: Verb): string {
  const options = Object.entries(verb.options).map(
    ([name, option]) => [`--${name}${option.value === undefined ? "" : ` ${option.value}`}`, option.says] as const,
  );
  const width = Math.max(0, ...options.map(([name]) => name.length));
  return `${[
    `multiverse ${verb.name}: ${verb.summary}`,
    "",
    `usage: multiverse ${verb.usage}`,
    "",
    ...verb.about,
    ...(options.length === 0
      ? []
      : ["", "options:", ...options.map(([name, says]) => `  ${name.padEnd(width)}  ${says}`)]),
    "",
    "examples:",
    ...verb.examples.flatMap((example) => [`  ${example.line}`, `      ${example.does}`]),
  ].join("\n")}\n`;
}
