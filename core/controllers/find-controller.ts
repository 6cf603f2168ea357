// Finds the domain that a command names, with its state at this moment.
import { ActionableError, EXIT } from "../errors.ts";
import { scrub } from "../inventory/scrub.ts";
import { type Life, lifeOf } from "./domain-state.ts";
import { type Listed, numberOf, parseDomstats, parseList } from "./domstats.ts";
import { type Virsh, virshBatch } from "./virsh.ts";

/** What libvirt itself knows; starting, running and silent are all "running" here, for they differ by what is heard. */
export type CoarseState = "off" | "running" | "paused" | "failed";

export interface Found extends Listed {
  life: Life;
  state: CoarseState;
}

/** A host with all its processors busy takes some ten seconds to start virsh and be answered; a command is worth the wait. */
const ASK_MS = 30_000;
const MOST_NAMES = 20;

/**
 * By its exact name.
 * Throws ActionableError: `no-such-controller` with the names there are, `libvirt-silent`.
 */
export async function findController(virsh: Virsh, name: string, signal?: AbortSignal): Promise<Found> {
  const commands = ["list --all --id --uuid --name", "domstats --raw --state --nowait"];
  const aborting = signal === undefined ? {} : { signal };
  const { answers } = await virshBatch(virsh, commands, { readOnly: true, timeoutMs: ASK_MS, ...aborting }).catch(
    (cause: unknown) => {
      signal?.throwIfAborted();
      throw new ActionableError({
        ...{ code: "libvirt-silent", exit: EXIT.stepFailed, cause },
        message: "The controllers cannot be asked for, because libvirt does not answer.",
        evidence: [cause instanceof Error ? cause.message : String(cause)],
        hint: "Look at the log of libvirtd: journalctl -u libvirtd",
      });
    },
  );
  const listed = parseList(answers[0] ?? "");
  const found = listed.find((entry) => entry.name === name);
  if (found === undefined) throw noSuch(name, listed);
  const figures = parseDomstats(answers[1] ?? "").get(name);
  const life = lifeOf(numberOf(figures, "state.state"), numberOf(figures, "state.reason"));
  return { ...found, life, state: coarse(life, found.id !== null) };
}

/** One that was paused because it failed is still on. */
function coarse(life: Life, on: boolean): CoarseState {
  if (life.kind === "failed") return "failed";
  if (life.kind === "paused") return "paused";
  return on ? "running" : "off";
}

function noSuch(name: string, listed: readonly Listed[]): ActionableError {
  const names = listed.map((entry) => scrub(entry.name)).sort();
  const more = names.length - MOST_NAMES;
  return new ActionableError({
    ...{ code: "no-such-controller", exit: EXIT.refused },
    message: `There is no controller named "${scrub(name)}".`,
    evidence:
      names.length === 0
        ? ["There are no controllers on this host."]
        : [`There are: ${names.slice(0, MOST_NAMES).join(", ")}${more > 0 ? ` and ${more} more` : ""}`],
  });
}
