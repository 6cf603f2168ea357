// What a plan for a pool that exists must keep to, whatever happens to it: every program and file of every phase is judged by what it may touch.
import type { JoinedMenu, Plan, Step, StepData } from "../../core/plan/step.ts";
import type { Action } from "../../core/steps/action.ts";
import { actionsOf, type Phase } from "../../core/steps/kinds.ts";

const PHASES: readonly Phase[] = ["actions", "redo", "restore", "undo", "release"];

/** Programs that write tables, signatures, file systems or pools. */
const FORBIDDEN =
  /^(sfdisk|sgdisk|parted|wipefs|blockdev|mkfs\..*|mke2fs|mdadm|lvm|pvcreate|vgcreate|cryptsetup|dmsetup|blkdiscard)$/;

const ZPOOL = new Set(["import", "export", "list", "status"]);
const ZFS = new Set(
  "create snapshot hold release set inherit destroy send recv load-key unload-key list get rollback".split(" "),
);
/** Programs whose words are files; the last is what is written, or all of them are. */
const WRITES = new Set(["cp", "mv", "rm", "rmdir", "mkdir", "ln", "install", "truncate", "dd", "tar", "chmod", "touch"]);
/** In memory, or the new system's own root. */
const SCRATCH = /^\/(run\/multiverse\/(boot|data|source|set|state)|mnt)(\/|$)/;

interface Allowed {
  /** `<import name>/<system>`. */
  tree: string;
  importName: string;
  guid: string;
  esps: JoinedMenu[];
}

export function dataOf<Kind extends StepData["kind"]>(plan: Plan, kind: Kind): Extract<StepData, { kind: Kind }>[] {
  return plan.steps.flatMap(({ data }) => (data.kind === kind ? [data as Extract<StepData, { kind: Kind }>] : []));
}

/** Breaches, in words; empty for a plan that keeps to all of it. */
export function breachesOf(plan: Plan, wanted: { system: string; guid: string }): string[] {
  const [entry] = dataOf(plan, "import-pool");
  const [menu] = dataOf(plan, "join-menu");
  if (entry === undefined || menu === undefined) return ["it imports no pool, or has no entry in a menu"];
  const allowed: Allowed = {
    ...{ importName: entry.pool.importName, guid: wanted.guid, esps: menu.esps },
    tree: `${entry.pool.importName}/${wanted.system}`,
  };
  return [
    ...(plan.erases.length === 0 ? [] : ["it erases something"]),
    ...plan.steps.flatMap((step) => (["erases", "no-way-back"].includes(step.risk) ? [`${step.id} says it erases`] : [])),
    ...plan.steps.flatMap((step) => stepBreaches(plan, step, allowed)),
  ];
}

function stepBreaches(plan: Plan, step: Step, allowed: Allowed): string[] {
  return PHASES.flatMap((phase) =>
    actionsOf(step, phase, plan.evidence)
      .flatMap((action) => actionBreaches(action, allowed))
      .map((what) => `${step.id}, ${phase}: ${what}`),
  );
}

function actionBreaches(action: Action, allowed: Allowed): string[] {
  if (action.do === "write") return fileBreaches(action.path, allowed);
  if (action.do === "wait") return [];
  if (action.do === "pipe") return action.stages.flatMap((argv) => programBreaches(argv, allowed));
  return programBreaches(action.argv, allowed);
}

function programBreaches(given: readonly string[], allowed: Allowed): string[] {
  const argv = given[0] === "env" ? given.slice(2) : given;
  const [program = "", verb = ""] = argv;
  const line = given.join(" ");
  // A program of the new root sees nothing but it.
  if (program === "chroot" || (program === "unshare" && argv.includes("chroot"))) return [];
  if (FORBIDDEN.test(program)) return [`${line} is not for a pool that exists`];
  const devices = argv.flatMap((word) => word.match(/\/dev\/[^\s,]+/g) ?? []);
  const strange = devices.filter((device) => !isOurs(device, program, allowed)).map((device) => `${line} names ${device}`);
  if (program === "zpool") return [...strange, ...zpoolBreaches(argv, verb, line, allowed)];
  if (program === "zfs") return [...strange, ...zfsBreaches(argv, verb, line, allowed)];
  if (program === "mkswap") return [...strange, ...(devices.length === 1 ? [] : [`${line} makes swap of what?`])];
  if (program === "mount") return [...strange, ...mountBreaches(argv, line, allowed)];
  const folder = given[0] === "env" ? (given[1] ?? "").replace("--chdir=", "") : "";
  if (!WRITES.has(program)) return strange;
  return [...strange, ...written(program, argv).flatMap((path) => fileBreaches(path.startsWith("/") ? path : `${folder}/${path}`, allowed))];
}

/** The firmware's entry names the disk of the ESP, and reads its table only. */
function isOurs(device: string, program: string, { tree, esps }: Allowed): boolean {
  if (["/dev/null", "/dev/zero", "/dev/urandom"].includes(device)) return true;
  if (program === "efibootmgr" && device.startsWith("/dev/disk/by-id/")) return true;
  if (device.startsWith(`/dev/zvol/${tree}/`)) return true;
  return esps.some(({ partuuid }) => device === `/dev/disk/by-partuuid/${partuuid}`);
}

function zpoolBreaches(argv: readonly string[], verb: string, line: string, { importName, guid }: Allowed): string[] {
  const last = argv.at(-1);
  return [
    ...(ZPOOL.has(verb) ? [] : [`${line} changes a pool`]),
    ...(last === importName ? [] : [`${line} is about another pool`]),
    ...(argv.includes("-f") || argv.includes("-F") ? [`${line} uses force`] : []),
    ...(verb !== "import" || argv.at(-2) === guid ? [] : [`${line} imports by something else than the GUID`]),
    ...argv.flatMap((word, at) =>
      argv[at - 1] === "-o" && !["cachefile=none", "readonly=on"].includes(word) ? [`${line} sets ${word}`] : [],
    ),
  ];
}

function zfsBreaches(argv: readonly string[], verb: string, line: string, { tree }: Allowed): string[] {
  const sets = argv.filter((word, at) => at > 1 && /^mv-/.test(word));
  const inside = (set: string) => set === tree || set.startsWith(`${tree}/`) || set.startsWith(`${tree}@`);
  return [
    ...(ZFS.has(verb) ? [] : [`${line} is no verb that is needed`]),
    ...(sets.length === 1 ? [] : [`${line} names ${sets.length} data sets`]),
    ...sets.filter((set) => !inside(set)).map((set) => `${line} names ${set}`),
    // -R takes clones along, wherever they are (zfs-destroy(8)).
    ...(verb === "destroy" && argv.includes("-R") ? [`${line} destroys clones elsewhere`] : []),
    ...(verb === "destroy" && sets[0]?.includes("/") !== true ? [`${line} destroys a pool's first data set`] : []),
  ];
}

function mountBreaches(argv: readonly string[], line: string, { tree, esps }: Allowed): string[] {
  const [what = "", where = ""] = argv.slice(-2);
  const type = argv[argv.indexOf("-t") + 1];
  const known =
    type === "zfs"
      ? what.startsWith(`${tree}/`)
      : type === "vfat"
        ? esps.some(({ partuuid }) => what.endsWith(partuuid)) && /^\/run\/multiverse\/esp[0-9]*$/.test(where)
        : type === "squashfs" || type === "overlay";
  return known ? [] : [`${line} mounts something else`];
}

function written(program: string, argv: readonly string[]): string[] {
  const words = argv.slice(1).filter((word) => !word.startsWith("-"));
  if (program === "dd") return words.flatMap((word) => (word.startsWith("of=") ? [word.slice(3)] : []));
  if (program === "tar") return argv.includes("--extract") ? [argv[argv.indexOf("-C") + 1] ?? ""] : [];
  if (program === "cp" || program === "ln" || program === "truncate") return words.slice(-1);
  // The link's text of `mv` is a file that goes away.
  return program === "install" ? words.slice(-1) : words.filter((word) => word.startsWith("/") || program === "rmdir");
}

/** On an ESP: below EFI/multiverse, a folder that got rEFInd because nothing was there, or a menu of ours. */
function fileBreaches(path: string, { esps }: Allowed): string[] {
  if (path === "/sys/module/spl/parameters/spl_hostid" || SCRATCH.test(path)) return [];
  const [, place, file = ""] = /^\/run\/multiverse\/(esp[0-9]*)(\/.*)?$/.exec(path) ?? [];
  if (place === undefined) return [`${path} is written`];
  if (file === "") return [];
  const below = (folder: string) => file === folder || file.startsWith(`${folder}/`);
  const known =
    below("/EFI/multiverse") ||
    esps.some(
      ({ menus, loaders, kept }) =>
        menus.some((menu) => file === menu.path) ||
        loaders.some(({ folder, file: loader }) =>
          kept === undefined || !kept.path.startsWith(`${folder}/`) ? below(folder) : besideKept(file, folder, loader, kept.as),
        ),
    );
  return known ? [] : [`${path} is written`];
}

/** In a folder that is another system's, too. */
function besideKept(file: string, folder: string, loader: string, as: string): boolean {
  const names = ["", "/", "/icons", "/multiverse.conf", "/refind.conf", `/${loader}`, `/${loader}.new`];
  return [...names.map((name) => `${folder}${name}`), as, `${as}.new`].includes(file);
}
