// Renders a plan as a shell script that does the same by itself: the same actions, written out.
import type { Plan, Step } from "../plan/step.ts";
import type { Action, Expectation, SecretName } from "./action.ts";
import { actionsOf } from "./kinds.ts";

/** A word of POSIX sh that stands for exactly this text. */
export function shellQuote(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

const words = (argv: readonly string[]): string => argv.map(shellQuote).join(" ");
const variable = (secret: SecretName): string => secret.replaceAll("-", "_");
const END = "MULTIVERSE_END_OF_FILE";

function hereDocument(text: string): string {
  return `<<'${END}'\n${text}${text.endsWith("\n") || text === "" ? "" : "\n"}${END}`;
}

function renderCheck(argv: readonly string[], expect: Expectation): string {
  if ("exit" in expect) return `${expect.exit === "zero" ? "" : "! "}quietly ${words(argv)}`;
  if ("oneOf" in expect) {
    const wanted = expect.oneOf.map((text) => `[ "$said" = ${shellQuote(text.trim()) || "''"} ]`).join(" || ");
    return `said=$(${words(argv)} 2>/dev/null | trim); ${wanted}`;
  }
  const wanted = "stdout" in expect ? expect.stdout : "";
  return `[ "$(${words(argv)} 2>&1 | trim)" = ${shellQuote(wanted.trim()) || "''"} ]`;
}

/** One action as shell. */
export function renderAction(action: Action): string {
  switch (action.do) {
    case "run": {
      const input = action.secret === undefined ? "" : `printf '%s\\n' "$${variable(action.secret)}" | `;
      const command = `${input}${words(action.argv)}${action.stdin === undefined ? "" : ` ${hereDocument(action.stdin)}`}`;
      // After a here-document nothing may stand on the line, so what to do on failure comes in front.
      if (action.anyExit) return `if ${muted(command, action.stdin !== undefined)}\nthen :; else :; fi`;
      if (action.bestEffort !== undefined)
        return `if ${command}\nthen :; else say ${shellQuote(action.bestEffort)}; fi`;
      return command;
    }
    case "pipe": {
      const [from, to] = action.stages;
      return [
        'rm -f "$work/cut"',
        `{ ${words(from)} || echo ${shellQuote(from[0])} >"$work/cut"; } | meter ${action.total ?? 0} |`,
        `\t{ ${words(to)} || echo ${shellQuote(to[0])} >"$work/cut"; }`,
        `[ ! -e "$work/cut" ] || die ${shellQuote(`${from[0]} | ${to[0]} failed`)}`,
      ].join("\n");
    }
    case "write": {
      const path = shellQuote(action.path);
      const content = action.base64
        ? `base64 -d >${path} ${hereDocument(action.content.replace(/.{1,76}/g, "$&\n"))}`
        : `cat >${path} ${hereDocument(action.content)}`;
      return [`mkdir -p "$(dirname ${path})"`, `rm -f ${path}`, content, `chmod ${action.mode} ${path}`].join("\n");
    }
    case "check":
      return [
        `if ${renderCheck(action.argv, action.expect)}; then :; else`,
        `\tdie ${shellQuote(`${action.otherwise.message} (${words(action.argv)})`)} ${shellQuote(action.otherwise.hint)}`,
        "fi",
      ].join("\n");
    case "wait":
      return `await ${action.gone === true ? "gone" : "there"} ${shellQuote(action.path)} ${action.seconds} || die ${shellQuote(action.otherwise.message)} ${shellQuote(action.otherwise.hint)}`;
    default:
      return action satisfies never;
  }
}

function muted(command: string, hasHereDocument: boolean): string {
  return hasHereDocument ? command : `${command} >/dev/null 2>&1`;
}

function stepFunction(step: Step, index: number, plan: Plan): string {
  const body = actionsOf(step, "actions", plan.evidence).map(renderAction).join("\n");
  // Not indented: the end of a here-document must stand at the start of its line.
  return `step_${index + 1}() {\n${body}\n}`;
}

function secretsOf(plan: Plan): SecretName[] {
  const names = new Set<SecretName>();
  for (const step of plan.steps) {
    for (const action of actionsOf(step, "actions", plan.evidence)) {
      if (action.do === "run" && action.secret !== undefined) names.add(action.secret);
    }
  }
  return [...names];
}

const FUNCTIONS = `say() { printf '%s\\n' "$*" >&2; }
quietly() { "$@" >/dev/null 2>&1; }
die() { trap - EXIT; say "stopped: $1"; [ $# -lt 2 ] || say "  $2"; release; exit 5; }
trim() { sed -e 's/^[[:space:]]*//' -e 's/[[:space:]]*$//' | sed -e '/./!d'; }
meter() { if [ "$1" -gt 0 ] && command -v pv >/dev/null; then pv -f -i 5 -s "$1"; else cat; fi; }
there() { [ -e "$1" ]; }
gone() { [ ! -e "$1" ]; }
await() {
	left=$(($3 * 10))
	while ! "$1" "$2"; do
		[ "$left" -gt 0 ] || return 1
		left=$((left - 1))
		sleep 0.1
	done
}
# shellcheck disable=SC2329,SC2317
ask() {
	[ -t 0 ] || die "the $1 is missing" "give --$1-file FILE"
	printf '%s: ' "$1" >&2
	stty -echo
	IFS= read -r answer
	stty echo
	printf '\\n' >&2
}`;

/** A script that holds a key of the spec says so at its head. */
function keptSecret(plan: Plan): string[] {
  const files = plan.steps.flatMap(({ data }) => (data.kind === "configure" ? data.files : []));
  const secret = files.filter(({ mode }) => mode === "0600").map(({ path }) => path);
  return secret.length === 0 ? [] : [`# HOLDS THE KEY IN ${secret.join(", ")}: keep this file as you keep a key.`];
}

/** The whole plan as one POSIX shell script. Holds no passphrase: it asks, or reads the files it is told. */
export function renderScript(plan: Plan): string {
  const secrets = secretsOf(plan);
  const disks = plan.erases.map(({ id }) => id);
  const options = secrets.map(
    (name) => `\t--${name}-file) IFS= read -r ${variable(name)} <"$2" || [ -n "$${variable(name)}" ]; shift 2 ;;`,
  );
  const ask = secrets.map((name) => `[ -n "$${variable(name)}" ] || { ask ${name}; ${variable(name)}=$answer; }`);
  const letGo = [...plan.steps].reverse().flatMap((step) => actionsOf(step, "release", plan.evidence));
  return `${[
    "#!/bin/sh",
    `# Installs ${plan.host}: plan ${plan.hash}`,
    "# Written by `multiverse plan --format sh`. Runs alone, as root, on the rescue system:",
    `#   sh FILE ${disks.map((id) => `--erase ${id}`).join(" ")}${secrets.map((name) => ` [--${name}-file FILE]`).join("")}`,
    `# ERASES ${plan.erases.map(({ id, name, content }) => `${id} (${name}${content.length === 0 ? "" : `: ${content.join(", ")}`})`).join("; ")}`,
    "# It keeps no journal: after a power cut it starts from the beginning.",
    ...keptSecret(plan),
    "set -eu",
    "LC_ALL=C PATH=/usr/local/sbin:/usr/sbin:/sbin:$PATH",
    "export LC_ALL PATH",
    FUNCTIONS,
    "release() {",
    ...letGo.map((action) => renderAction(action)),
    ":",
    "}",
    "erase=''",
    ...secrets.map((name) => `${variable(name)}=''`),
    'while [ $# -gt 0 ]; do\n\tcase "$1" in',
    '\t--erase) erase="$erase $2"; shift 2 ;;',
    ...options,
    '\t*) say "unknown option $1"; exit 2 ;;\n\tesac\ndone',
    '[ "$(id -u)" = 0 ] || { say "run this as root"; exit 4; }',
    ...disks.map(
      (id) =>
        `case "$erase " in *${shellQuote(` ${id} `)}*) ;; *) say "this erases ${id}: say so with --erase ${id}"; exit 4 ;; esac`,
    ),
    ...ask,
    "work=$(mktemp -d)",
    `trap 'say "stopped in the middle of a step"; release; exit 5' EXIT`,
    ...plan.steps.map((step, index) => stepFunction(step, index, plan)),
    ...plan.steps.flatMap((step, index) => [
      `say ${shellQuote(`[${index + 1}/${plan.steps.length}] ${step.title}`)}`,
      `step_${index + 1}`,
    ]),
    "trap - EXIT",
    'rm -rf "$work"',
    `say ${shellQuote(`done: ${plan.host} is installed`)}`,
  ].join("\n")}\n`;
}
