// Completion for bash: one function that needs nothing but bash 4, not even the package bash-completion.
import type { Verb } from "../verb.ts";
import { afterOption, type Completable, keysOf, OVERALL, placesOf, quoted } from "./places.ts";

const offer = (what: Completable): string =>
  what === "file" ? "files=yes" : what === "free" ? "nothing=yes" : `words=${quoted(what.join(" "))}`;

/** The lines of a `case` whose patterns are exact texts, or begin with one. */
const cases = (lines: readonly string[], indent: string): string => lines.map((one) => `${indent}${one}\n`).join("");

/** The script, to be sourced or put where bash-completion looks for it. */
export function bashCompletion(verbs: readonly Verb[]): string {
  const names = verbs.map(({ name }) => name).join(" ");
  const values = verbs.flatMap((verb) =>
    Object.entries(verb.options).flatMap(([name, option]) => {
      const what = afterOption(option);
      return what === null ? [] : [{ pattern: quoted(`${verb.name} --${name}`), what: offer(what) }];
    }),
  );
  const skipped = values.length === 0 ? [] : [`${values.map(({ pattern }) => pattern).join(" | ")}) skip=yes ;;`];
  const places = verbs.flatMap((verb) =>
    placesOf(verb).map((what, index, all) => {
      const more = what === "file" && index === all.length - 1;
      const pattern = more ? `${quoted(`${verb.name} `)}*` : quoted(`${verb.name} ${index}`);
      return `${pattern}) ${offer(what)} ;;`;
    }),
  );
  const options = verbs.map((verb) => {
    const all = [...Object.keys(verb.options), "help"].map((name) => `--${name}`);
    return `${verb.name}) options=${quoted(all.join(" "))} ;;`;
  });
  // Verbs with the same keys share a line: there are some sixty.
  const byKeys = Map.groupBy(
    verbs.filter((verb) => keysOf(verb).length > 0),
    (verb) => keysOf(verb).join(" "),
  );
  const keys = [...byKeys].map(([words, of]) => `${of.map(({ name }) => name).join(" | ")}) keys=${quoted(words)} ;;`);
  return `# shellcheck shell=bash
# Completes multiverse in bash; made by \`multiverse completion bash\`.
_multiverse() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} verb=\${COMP_WORDS[1]}
  local words='' options='' files='' nothing='' keys='' found=() value='' place=0 skip='' at
  COMPREPLY=()
  # readline takes the = of --option=value for a word of its own
  if [[ $cur == = ]]; then
    cur='' value=yes
  elif [[ $prev == = ]]; then
    value=yes
    prev=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  if ((COMP_CWORD == 1)); then
    words=${quoted(`${names} ${OVERALL.map(([name]) => name).join(" ")}`)}
  else
    # which of the words that are no options, and no options' values, is completed
    for ((at = 2; at < COMP_CWORD; at++)); do
      if [[ -n $skip ]]; then
        [[ \${COMP_WORDS[at]} == = ]] || skip=''
        continue
      fi
      case "$verb \${COMP_WORDS[at]}" in
${cases(skipped, "      ")}      *' -'*) ;;
      *) place=$((place + 1)) ;;
      esac
    done
    case "$verb $prev" in
${cases(
  values.map(({ pattern, what }) => `${pattern}) ${what} ;;`),
  "    ",
)}    *)
      case "$verb $place" in
      'help 0') words=${quoted(names)} ;;
${cases(places, "      ")}      *) nothing=yes ;;
      esac
      case $verb in
${cases(options, "      ")}      esac
      # only behind the first letter: some sixty of them would hide the files
      [[ -z $cur ]] || case $verb in
${cases(keys, "      ")}      *) ;;
      esac
      # the value of key=value: only the person knows it
      [[ -z $value ]] || words='' files='' keys='' nothing=yes
      if [[ $cur == -* ]]; then
        words=$options files='' nothing=''
      fi
      ;;
    esac
  fi
  if [[ -n $files ]]; then
    mapfile -t COMPREPLY < <(compgen -f -- "$cur")
    [[ -z $keys ]] || mapfile -t found < <(compgen -W "$keys" -- "$cur")
    if [[ \${#found[@]} -gt 0 && \${#COMPREPLY[@]} -eq 0 ]]; then
      # as a file's name readline would write host.name\\=
      [[ \${found[0]} != *= ]] || compopt -o nospace 2>/dev/null
    else
      compopt -o filenames 2>/dev/null
    fi
    COMPREPLY+=("\${found[@]}")
  else
    compopt +o default 2>/dev/null
    [[ -n $nothing ]] || mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
  fi
  return 0
}
# where nothing is found for a name with quotes in it, readline looks itself
complete -o default -F _multiverse multiverse
`;
}
