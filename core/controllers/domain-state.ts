// libvirt's numbers for a domain's state and the reason for it (libvirt-domain.h), in the words of the status.

export type Life =
  /** Off because somebody or the guest itself wanted it so. */
  | { kind: "off" }
  /** Off, and libvirt no longer knows why: it was restarted since. */
  | { kind: "off-unknown" }
  | { kind: "running" }
  /** The guest is on its way to being off. */
  | { kind: "ending" }
  | { kind: "paused" }
  /** It stopped without anybody having asked for that. */
  | { kind: "failed"; why: string };

const STATE = { running: 1, blocked: 2, paused: 3, shutdown: 4, shutoff: 5, crashed: 6, suspended: 7 } as const;

/** virDomainShutoffReason. Not among them, so "off": 1 shutdown, 2 destroyed, 4 migrated, 5 saved, 7 from a snapshot. */
const SHUTOFF_FAILED: Readonly<Record<number, string>> = {
  3: "its QEMU process ended by itself",
  6: "it could not be started",
  8: "libvirt ended it, for it could not take it over again",
};

/** virDomainPausedReason. Not among them: user, migration, save, dump, snapshot and the like, which end by themselves or by a person. */
const PAUSED_FAILED: Readonly<Record<number, string>> = {
  5: "reading or writing one of its disks failed, so it was paused",
  6: "its watchdog found it hanging, so it was paused",
  10: "its system crashed",
  13: "moving it to another host failed half-way",
  14: "libvirt could not finish what it was doing with it, so it was paused",
};

/** virDomainPausedReason: QEMU is there and its processors are not let go yet (11), or no more (8): nobody has paused it. */
const PAUSED_STARTING = 11;
const PAUSED_ENDING = 8;

/** Null is a figure that libvirt did not give. */
export function lifeOf(state: number | null, reason: number | null): Life {
  if (state === STATE.running || state === STATE.blocked) return { kind: "running" };
  if (state === STATE.shutdown) return { kind: "ending" };
  if (state === STATE.crashed) return { kind: "failed", why: "its system crashed" };
  if (state === STATE.paused || state === STATE.suspended) {
    if (state === STATE.paused && reason === PAUSED_STARTING) return { kind: "running" };
    if (state === STATE.paused && reason === PAUSED_ENDING) return { kind: "ending" };
    const why = state === STATE.paused ? PAUSED_FAILED[reason ?? 0] : undefined;
    return why === undefined ? { kind: "paused" } : { kind: "failed", why };
  }
  const why = SHUTOFF_FAILED[reason ?? 0];
  if (why !== undefined) return { kind: "failed", why };
  return { kind: reason === 0 || reason === null ? "off-unknown" : "off" };
}

/** The same from the word that libvirt wrote to the domain's log, for when it has forgotten the number. */
export function lifeOfWord(word: string): Life {
  const number = ["crashed", "failed", "daemon"].indexOf(word);
  const why = SHUTOFF_FAILED[[3, 6, 8][number] ?? 0];
  return why === undefined ? { kind: "off" } : { kind: "failed", why };
}
