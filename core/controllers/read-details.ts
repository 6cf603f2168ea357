// What costs more to ask of libvirt: figures that each QEMU must give itself, and the domains' XML.
import { parseDomainXml } from "./domain-xml.ts";
import { type Figures, parseDomstats } from "./domstats.ts";
import type { KnownDomain } from "./known-domain.ts";
import { isUuid, type Virsh, virshBatch } from "./virsh.ts";

const DETAILS_MS = 2_000;
const FIRST_REST_MS = 9_000;
const LONGEST_REST_MS = 300_000;

export interface Details {
  /** By name; null where QEMU was not asked or somebody's did not answer in time. */
  read(virsh: Virsh, at: { now: number; signal: AbortSignal }): Promise<Map<string, Figures> | null>;
}

/**
 * A QEMU that hangs makes this call hang the first time; from then on libvirt passes it over (--nowait), because the
 * question that nobody will answer is still open. Each such question keeps one of libvirt's workers, of which there are
 * 20: so after a failure it is asked again after a rest that doubles.
 */
export function createDetails(): Details {
  let restMs = 0;
  let notBefore = Number.NEGATIVE_INFINITY;
  return {
    async read(virsh, { now, signal }) {
      if (now < notBefore) return null;
      try {
        const commands = ["domstats --raw --cpu-total --balloon --block --nowait --list-active"];
        const { answers } = await virshBatch(virsh, commands, { readOnly: true, timeoutMs: DETAILS_MS, signal });
        restMs = 0;
        return parseDomstats(answers[0] ?? "");
      } catch {
        signal.throwIfAborted();
        restMs = Math.min(restMs === 0 ? FIRST_REST_MS : restMs * 2, LONGEST_REST_MS);
        notBefore = now + restMs;
        return null;
      }
    },
  };
}

const XML_MS = 4_000;
/** virsh takes its commands as one argument, and Linux allows 128 KiB for one. */
const MOST_AT_ONCE = 500;
/** Nothing tells of every change of a definition, so a few are read again each time, the oldest first. */
const REVISITED = 10;

/** Asks for the XML of domains that are new or in a new run, and of some whose XML is oldest. */
export async function refreshXml(
  virsh: Virsh,
  domains: readonly KnownDomain[],
  { now, signal }: { now: number; signal: AbortSignal },
): Promise<void> {
  const fresh = domains.filter(({ xmlAsked, listed }) => xmlAsked === null || xmlAsked.id !== listed.id);
  const age = ({ xmlAsked }: KnownDomain) => xmlAsked?.at ?? Number.NEGATIVE_INFINITY;
  const oldest = domains
    .filter((domain) => !fresh.includes(domain))
    .sort((a, b) => age(a) - age(b))
    .slice(0, REVISITED);
  const asked = [...fresh, ...oldest].filter(({ listed }) => isUuid(listed.uuid)).slice(0, MOST_AT_ONCE);
  if (asked.length === 0) return;
  const commands = asked.map(({ listed }) => `dumpxml ${listed.uuid}`);
  const options = { readOnly: true, timeoutMs: XML_MS, signal, partial: true };
  const { answers } = await virshBatch(virsh, commands, options).catch((cause: unknown) => {
    signal.throwIfAborted();
    // libvirt answered a moment ago: the states are worth telling without this.
    if (cause instanceof Error) return { answers: [] };
    throw cause;
  });
  for (const [index, domain] of asked.entries()) {
    // libvirt holds a domain that is just being started for itself: it and those behind it are asked for the next time.
    if (answers[index] === undefined) break;
    domain.xmlAsked = { at: now, id: domain.listed.id };
    const xml = parseDomainXml(answers[index]);
    // One that was removed meanwhile, or whose XML is none of its own, keeps what was known of it.
    if (xml !== null && xml.uuid === domain.listed.uuid) domain.xml = xml;
  }
}
