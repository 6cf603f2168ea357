// Completion for zsh, by its own _arguments; works from a folder of $fpath and when it is sourced.
import type { Verb } from "../verb.ts";
import { afterOption, type Completable, HELP, keysOf, OVERALL, placesOf, quoted } from "./places.ts";

/** zshcompsys(1), _arguments: what would end a description. */
const described = (text: string): string => text.replace(/[\\:[\]]/g, "\\$&");

function action(what: Completable): string {
  if (what === "file") return "_files";
  return what === "free" ? " " : `(${what.join(" ")})`;
}

function specs(verb: Verb): string[] {
  const options = Object.entries(verb.options).map(([name, option]) => {
    const what = afterOption(option);
    const value = what === null ? "" : `:${described(option.value ?? "")}:${action(what)}`;
    return `--${name}${what === null ? "" : "="}[${described(option.says)}]${value}`;
  });
  const places = placesOf(verb).map((what, index, all) => {
    const more = what === "file" && index === all.length - 1;
    const place = more ? "*" : index + 1;
    if (more && keysOf(verb).length > 0) return `${place}:FILE or key=value:_multiverse_files_or_keys`;
    return `${place}:${what === "file" ? "FILE" : "word"}:${action(what)}`;
  });
  return [...options, `--${HELP[0]}[${HELP[1]}]`, ...places];
}

/** Those of all verbs together: one function serves them. */
function quotedKeys(verbs: readonly Verb[]): string {
  return [...new Set(verbs.flatMap(keysOf))].map(quoted).join(" ");
}

/** The script: a file called _multiverse in a folder of $fpath. */
export function zshCompletion(verbs: readonly Verb[]): string {
  const list = [...verbs.map(({ name, summary }) => [name, summary] as const), ...OVERALL];
  return `${[
    "#compdef multiverse",
    "# Completes multiverse in zsh; made by `multiverse completion zsh`.",
    "_multiverse_files_or_keys() {",
    "  _files",
    "  [[ -n $PREFIX ]] || return",
    `  compadd -S '' -- ${quotedKeys(verbs)}`,
    "}",
    "_multiverse() {",
    "  local -a verbs",
    "  verbs=(",
    ...list.map(([name, says]) => `    ${quoted(`${described(name)}:${described(says)}`)}`),
    "  )",
    "  if (( CURRENT == 2 )); then",
    "    _describe -t verbs verb verbs",
    "    return",
    "  fi",
    "  shift words",
    "  (( CURRENT -= 1 ))",
    "  case $words[1] in",
    `    help) _arguments ${quoted(`1:verb:(${verbs.map(({ name }) => name).join(" ")})`)} ;;`,
    ...verbs.flatMap((verb) => [
      `    ${verb.name})`,
      "      _arguments \\",
      `${specs(verb)
        .map((spec) => `        ${quoted(spec)}`)
        .join(" \\\n")}`,
      "      ;;",
    ]),
    "  esac",
    "}",
    'if [[ "$funcstack[1]" == _multiverse ]]; then',
    '  _multiverse "$@"',
    "else",
    "  compdef _multiverse multiverse",
    "fi",
  ].join("\n")}\n`;
}
