// Parses what the kernel and mdadm say of software RAID: /proc/mdstat and `mdadm --examine --scan --verbose`.
import { scrub } from "../scrub.ts";
import type { MdArray } from "./stacks.ts";

/**
 * `/proc/mdstat` (drivers/md/md.c, md_seq_show): running and half-assembled arrays. Members are without metadata's names;
 * mergeMd adds them.
 */
export function parseMdstat(output: string): MdArray[] {
  // An array is a line that begins with its name, and the indented lines below it.
  return output
    .split(/^(?=md\S* : )/m)
    .filter((block) => /^md\S* : /.test(block))
    .map(parseBlock);
}

function parseBlock(block: string): MdArray {
  const [head = "", ...rest] = block.split("\n");
  const [, kname = "", words = ""] = /^(md\S*) : (.*)$/.exec(head) ?? [];
  const below = rest.join("\n");
  const [, wanted, working] = /\[([0-9]+)\/([0-9]+)\] \[[U_]+\]/.exec(below) ?? [];
  const [, kind, far] = /(resync|recovery|reshape|check) *= *([0-9.]+%|PENDING|DELAYED|REMOTE)/.exec(below) ?? [];
  const [, delayed] = /\t(resync|recovery|reshape|check)=(?:PENDING|DELAYED)/.exec(below) ?? [];
  const inactive = words.startsWith("inactive");
  return {
    kname: scrub(kname),
    ...{ name: null, uuid: null },
    level: /(?:^|\s)(raid[0-9]+|linear|multipath|faulty)(?=\s)/.exec(words)?.[1] ?? null,
    metadata: metadataOf(below),
    state: inactive ? "inactive" : /\((auto-)?read-only\)/.test(words) ? "read-only" : "active",
    wanted: wanted === undefined ? null : Number(wanted),
    working: working === undefined ? null : Number(working),
    sync: kind === undefined ? (delayed ?? null) : `${kind} ${far}`,
    members: [...words.matchAll(/(\S+)\[([0-9]+)\]((?:\([A-Z]\))*)/g)].map(([, name = "", , flags = ""]) => ({
      kname: scrub(name),
      // The kernel calls every member of a stopped array a spare.
      role: inactive ? ("member" as const) : roleOf(flags),
    })),
  };
}

function roleOf(flags: string): MdArray["members"][number]["role"] {
  if (flags.includes("(F)")) return "failed";
  if (flags.includes("(J)")) return "journal";
  return flags.includes("(S)") ? "spare" : "member";
}

/** Nothing for 0.90, "super 1.2" for the others, "super external:imsm" for a container and "external:/md127/0" for a volume in it. */
function metadataOf(below: string): string | null {
  const [, said] = /\bsuper (\S+)/.exec(below) ?? [];
  if (said === undefined) return "0.90";
  return said.startsWith("external:/") ? null : scrub(said.replace(/^external:/, ""));
}

/** `mdadm --examine --scan --verbose`: every array that some device has metadata of, running or not. */
export function parseMdExamine(output: string): MdArray[] {
  return output
    .split(/^(?=ARRAY )/m)
    .filter((block) => block.startsWith("ARRAY "))
    .map((block) => {
      const word = (name: string) => new RegExp(`\\s${name}=(\\S+)`).exec(block)?.[1];
      const level = word("level");
      const metadata = word("metadata");
      const wanted = word("num-devices");
      return {
        kname: null,
        name: scrub(word("name")) || null,
        uuid: scrub(word("UUID")) || null,
        level: level === undefined ? null : scrub(level),
        // Brief lines leave the oldest format out.
        metadata: metadata === undefined ? "0.90" : scrub(metadata),
        ...{ state: "not-assembled" as const, working: null, sync: null },
        wanted: wanted === undefined ? null : Number(wanted),
        members: (word("devices") ?? "")
          .split(",")
          .filter((path) => path !== "")
          .map((path) => ({ kname: scrub(path.replace(/^\/dev\//, "")), role: "member" as const })),
      };
    });
}

/** Running arrays, with name and UUID from their members' metadata; then those of which there are only members. */
export function mergeMd(running: readonly MdArray[], examined: readonly MdArray[]): MdArray[] {
  const isOf = (one: MdArray, array: MdArray) =>
    one.members.some((member) => array.members.some((other) => other.kname === member.kname));
  const merged = running.map((array) => {
    const about = examined.find((one) => isOf(one, array));
    if (about === undefined) return array;
    const { name, uuid, metadata } = about;
    return {
      ...array,
      ...{ name, uuid, level: array.level ?? about.level, wanted: array.wanted ?? about.wanted },
      metadata: array.state === "inactive" ? metadata : array.metadata,
    };
  });
  // mdadm also examines what is inside an array; a device of a running one is no left-over.
  return [...merged, ...examined.filter((one) => !running.some((array) => isOf(one, array)))];
}
