// Holds an install before the n-th program of a step, so that it can be interrupted or lose its power exactly there.
import { programsOf } from "../../core/execute/preflight.ts";
import type { Plan } from "../../core/plan/step.ts";
import type { Rescue } from "./boot-rescue.ts";
import { DEADLINE } from "./scenario.ts";

/** In memory. */
const HOME = "/run/mv-gate";
const EVENTS = "/run/multiverse/install/events.jsonl";

/**
 * Stands in for every program of the plan: becomes it, unless it is the one to be held. Which step runs the installer's
 * events say; programs of a pipe start at the same time, so each takes its number by making a folder.
 */
const GATE = `#!/bin/sh
PATH=/usr/sbin:/usr/bin:/sbin:/bin
name=\${0##*/}
if [ -e ${HOME}/want ]; then
  read -r step number <${HOME}/want
  now=$(grep '"event":"step"' ${EVENTS} | tail -n 1)
  case $now in
  *'"state":"start"'*"\\"id\\":\\"$step\\""*)
    taken=1
    until mkdir ${HOME}/taken/$taken 2>/dev/null; do taken=$((taken + 1)); done
    if [ $taken = $number ]; then
      echo held >${HOME}/reached
      # until somebody writes there: nobody does
      read -r _ <${HOME}/never
    fi
    ;;
  esac
fi
exec "$(command -v "$name")" "$@"
`;

export interface Gate {
  /** Step's id and which of its programs, from 1. */
  step: string;
  program: number;
}

/** Puts the gate in place in a rescue system. */
export async function setUpGate({ shell }: Rescue, plan: Plan): Promise<void> {
  const programs = [...new Set([...programsOf(plan), "sync"])];
  await shell.output(
    [
      "set -eu",
      `rm -rf ${HOME}`,
      `mkdir -p ${HOME}/bin`,
      `mkfifo ${HOME}/reached ${HOME}/never`,
      `cat >${HOME}/gate <<'END_OF_GATE'\n${GATE}END_OF_GATE`,
      `chmod 755 ${HOME}/gate`,
      ...programs.map((name) => `ln -s ../gate ${HOME}/bin/${name}`),
    ].join("\n"),
  );
}

/**
 * Starts \`multiverse install\` with these words in the background and waits until it is held at the gate, or has ended.
 * With no gate it waits for the end.
 */
export async function installToGate({ shell }: Rescue, words: string, gate: Gate | null): Promise<{ held: boolean }> {
  const script = [
    "set -u",
    `cd ${HOME}`,
    "rm -rf taken status want; mkdir taken",
    ...(gate === null ? [] : [`echo '${gate.step} ${gate.program}' >want`]),
    "( set +e",
    `  PATH=${HOME}/bin:$PATH multiverse install ${words} --headless --progress json >events 2>said </dev/null &`,
    "  echo $! >pid",
    "  wait $!",
    "  echo $? >status",
    "  echo ended >reached ) &",
    "read -r how <reached",
    "echo $how",
  ].join("\n");
  const how = await shell.output(script, { deadlineMs: DEADLINE.install, what: "the install to reach the gate" });
  return { held: how.trim() === "held" };
}

export interface Ended {
  /** 128 and the signal's number where a signal ended it. */
  status: number;
  /** What it said, and its last event. */
  said: string;
  /** What is mounted of an install's places, and which pools are imported. */
  left: string;
  /** Programs of it that still run. */
  running: string;
}

/** Sends the signal to the installer that is held, if any, and waits until it has ended. */
export async function endInstall({ shell }: Rescue, signal: "INT" | "TERM" | "KILL" | null): Promise<Ended> {
  const script = [
    `cd ${HOME}`,
    ...(signal === null ? [] : [`kill -s ${signal} "$(cat pid)"`, "read -r how <reached"]),
    "rm -f want",
    'echo "status=$(cat status)"',
    // The kernel has killed the programs by then, and has to be given the time to do it.
    "i=0; while [ $i -lt 100 ] && ps -eo args | grep -q '[m]v-gate/bin'; do sleep 0.1; i=$((i + 1)); done",
    `echo "running=$(ps -eo args | grep '[m]v-gate/bin' | tr '\\n' ';')"`,
    `echo "left=$(findmnt -rno TARGET | grep -E '^(/mnt|/run/multiverse/(esp|set|source|data))' | tr '\\n' ' ')$(zpool list -H -o name | tr '\\n' ' ')"`,
    "echo \"said=$(tail -n 3 said | tr '\\n' ' ')$(tail -n 1 events | cut -c 1-600)\"",
  ].join("\n");
  const output = await shell.output(script, { deadlineMs: DEADLINE.install, what: "the installer to end" });
  const line = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(output)?.[1]?.trim() ?? "";
  return { status: Number(line("status")), said: line("said"), left: line("left"), running: line("running") };
}
