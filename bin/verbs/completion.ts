// `multiverse completion`: what a shell needs to complete verbs, options, their words and file names.
import { bashCompletion } from "../completion/bash.ts";
import { fishCompletion } from "../completion/fish.ts";
import { zshCompletion } from "../completion/zsh.ts";
import { usage } from "../parse-arguments.ts";
import type { Verb } from "../verb.ts";

const SHELLS: Readonly<Record<string, (verbs: readonly Verb[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};
const NAMES = Object.keys(SHELLS);

/** The verb, which completes these verbs and itself. */
export function completionFor(others: readonly Verb[]): Verb {
  const verb: Verb = {
    name: "completion",
    summary: "write completion for a shell to standard output",
    usage: `completion ${NAMES.join("|")}`,
    about: [
      "Completes verbs, options, the words that an option takes, and file names. Made from the same declarations as the",
      "help: after an update of multiverse, write it again.",
    ],
    options: {},
    examples: [
      {
        line: "multiverse completion bash >~/.local/share/bash-completion/completions/multiverse",
        does: "for every new bash of yours, with the package bash-completion; without it, source the file in ~/.bashrc",
      },
      {
        line: "multiverse completion zsh >~/.zfunc/_multiverse",
        does: "with `fpath+=~/.zfunc` in ~/.zshrc, before its compinit",
      },
      { line: "multiverse completion fish >~/.config/fish/completions/multiverse.fish", does: "for every new fish" },
    ],
    words: [1, 1],
    places: [NAMES],
    async run({ out }, args) {
      const [shell = ""] = args.words;
      const write = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
      if (write === undefined)
        throw usage(verb, `\`multiverse completion\` knows ${NAMES.join(", ")}, not \`${shell}\`.`);
      out(write([...others, verb]));
      return undefined;
    },
  };
  return verb;
}
