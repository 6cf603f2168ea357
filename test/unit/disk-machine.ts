// A model of a machine whose root is not ZFS: arrays, locks, volume groups, file systems and subvolumes, as far as an install
// depends on them. What the real programs would refuse, it refuses; a power cut keeps what was synced, and opens nothing.
import { ProgramError } from "../../core/errors.ts";
import type { Plan } from "../../core/plan/step.ts";
import type { Action } from "../../core/steps/action.ts";
import { PowerCut } from "./model-machine.ts";

const ROOT = "/mnt";
const TOP = "/run/multiverse/top";

/** What lies on a device, whichever name the device has. */
interface Content {
  array?: string;
  lock?: string;
  group?: { name: string; volumes: string[] };
  /** Subvolume ("" where there are none) → its files; a file system that is not there yet has none. */
  trees?: Record<string, string[]>;
  sealed?: string[];
}

interface Mounted {
  device: string;
  /** Subvolume, or "" for all of it. */
  tree: string;
}

type Words = readonly string[];

const option = (argv: Words, name: string): string =>
  argv.find((word) => word.startsWith(`${name}=`))?.split("=")[1] ?? "";
const after = (argv: Words, word: string): string => argv[argv.indexOf(word) + 1] ?? "";

export class DiskMachine {
  performed = 0;
  private tables = new Set<string>();
  private content: Record<string, Content> = {};
  private unfinished = false;
  /** Running: opened device → what it is opened from. */
  private opened = new Map<string, string[]>();
  private mounts = new Map<string, Mounted>();
  private unsynced: { device: string; tree: string; what: string }[] = [];
  private left: number | null = null;
  private failing: number | null = null;

  private readonly plan: Plan;

  constructor(plan: Plan) {
    this.plan = plan;
  }

  disk() {
    const sorted = Object.entries(this.content).map(([device, { trees, ...rest }]) => {
      const files = Object.entries(trees ?? {}).map(([tree, names]) => [tree, [...names].sort()] as const);
      return [
        device,
        { ...rest, ...(trees === undefined ? {} : { trees: Object.fromEntries(files.sort()) }) },
      ] as const;
    });
    return structuredClone({ unfinished: this.unfinished, content: Object.fromEntries(sorted.sort()) });
  }

  running() {
    return { mounts: [...this.mounts.keys()], opened: [...this.opened.keys()] };
  }

  cutAfter(actions: number | null): void {
    this.left = actions;
  }

  failAfter(actions: number | null): void {
    this.failing = actions;
  }

  restart(): void {
    for (const { device, tree, what } of this.unsynced) {
      const files = this.content[device]?.trees?.[tree];
      if (files?.includes(what)) files.splice(files.indexOf(what), 1);
    }
    this.unsynced = [];
    this.mounts.clear();
    this.opened.clear();
  }

  perform(action: Action): void {
    if (this.left === 0) {
      if (action.do === "pipe") this.write(`${action.stages[1].at(-3)}/tree`, "half a tree");
      throw new PowerCut();
    }
    if (this.left !== null) this.left -= 1;
    this.performed += 1;
    if (this.failing !== null) this.failing -= 1;
    if (this.failing === 0) throw new ProgramError(["dd"], "exit", 1, "dd: I/O error");
    try {
      this.act(action);
    } catch (error) {
      if (action.do !== "run" || (action.anyExit !== true && action.bestEffort === undefined)) throw error;
    }
  }

  private refuse(argv: Words, why: string): never {
    throw new ProgramError([argv[0] ?? "?", ...argv.slice(1)], "exit", 1, why);
  }

  private act(action: Action): void {
    if (action.do === "write") this.write(action.path, `${action.path} ${action.content}`);
    else if (action.do === "pipe") this.write(`${action.stages[1].at(-3)}/tree`, action.stages[0].join(" "));
    else if (action.do === "run") this.program(action.argv, action.secret !== undefined);
    else if (action.do === "wait") {
      if (!this.exists(action.path)) this.refuse(["wait"], action.path);
    } else {
      const wanted = !("exit" in action.expect && action.expect.exit === "not-zero");
      if (this.holds(action.argv) !== wanted) this.refuse(action.argv, JSON.stringify(action.expect));
    }
  }

  private holds(argv: Words): boolean {
    const last = argv.at(-1) ?? "";
    if (argv[0] === "mountpoint") return this.mounts.has(last);
    if (argv[0] === "test" && argv[1] === "-e") return this.exists(last);
    if (argv[0] !== "cat") return argv[0] !== "zdb";
    // A release is read through the top, g1 and ext4 where they are mounted.
    const { files } = this.place(last) ?? { files: [] };
    return files.some((file) => file.startsWith(`${ROOT}/etc/hostname `));
  }

  /** Arrays by their link, locks and volumes by their nodes, partitions once there is a table. */
  private exists(path: string): boolean {
    return path.startsWith("/dev/disk/by-partuuid/")
      ? this.tables.has(path)
      : path.startsWith("/dev/disk/by-id/virtio-") || this.opened.has(path);
  }

  private busy(device: string): boolean {
    const above = [...this.opened].some(([, from]) => from.includes(device));
    return above || [...this.mounts.values()].some((mounted) => this.devicesOf(mounted.device).includes(device));
  }

  /** Every device of the file system on one of them. */
  private devicesOf(device: string): string[] {
    const found = this.plan.steps.flatMap(({ data }) =>
      data.kind === "make-file-system" && data.fs.devices.includes(device) ? data.fs.devices : [],
    );
    return found.length === 0 ? [device] : found;
  }

  private onDevice(argv: Words, device: string): Content {
    if (!this.exists(device)) this.refuse(argv, `${device}: no such device`);
    this.content[device] ??= {};
    return this.content[device];
  }

  private overwrite(argv: Words, devices: Words, content: Content): void {
    for (const device of devices) {
      this.onDevice(argv, device);
      if (this.busy(device)) this.refuse(argv, `${device} is in use`);
      this.content[device] = structuredClone(content);
      this.unsynced = this.unsynced.filter((file) => file.device !== device);
    }
  }

  private open(argv: Words, device: string, from: string[]): void {
    if (this.opened.has(device)) this.refuse(argv, `${device} exists already`);
    this.opened.set(device, from);
  }

  private close(argv: Words, device: string): void {
    if (!this.opened.has(device)) this.refuse(argv, `${device} is not active`);
    if (this.busy(device)) this.refuse(argv, `${device} is busy`);
    this.opened.delete(device);
  }

  private program(argv: Words, secret: boolean): void {
    const [name = "", verb = ""] = argv;
    const last = argv.at(-1) ?? "";
    const programs: Readonly<Record<string, () => void>> = {
      sfdisk: () => this.sfdisk(argv),
      mdadm: () => this.mdadm(argv, verb),
      cryptsetup: () => this.cryptsetup(argv, secret),
      pvcreate: () => {
        if (this.onDevice(argv, last).group !== undefined) this.refuse(argv, "is in a volume group");
        this.overwrite(argv, [last], {});
      },
      vgcreate: () => {
        if (this.onDevice(argv, last).group !== undefined) this.refuse(argv, "is in a volume group");
        this.onDevice(argv, last).group = { name: argv.at(-2) ?? "", volumes: [] };
      },
      lvcreate: () => this.lvm(argv, last),
      vgchange: () => this.lvm(argv, last),
      wipefs: () => {
        if (!last.startsWith("/dev/disk/by-id/virtio-")) this.overwrite(argv, [last], {});
      },
      "mkfs.vfat": () => this.overwrite(argv, [last], { trees: { "": [] } }),
      "mkfs.ext4": () => this.overwrite(argv, [last], { trees: { "": [] } }),
      "mkfs.xfs": () => this.overwrite(argv, [last], { trees: { "": [] } }),
      "mkfs.btrfs": () => this.overwrite(argv, this.devicesOf(last), { trees: { "": [] } }),
      mount: () => this.mount(argv, argv.at(-2) ?? "", last),
      umount: () => this.umount(argv, last),
      sync: () => {
        const device = argv[1] === "--file-system" ? this.place(last)?.device : undefined;
        this.unsynced = this.unsynced.filter((file) => device !== undefined && file.device !== device);
      },
      btrfs: () => this.btrfs(argv, last),
      find: () => {
        const { files } = this.place(ROOT) ?? this.refuse(argv, "nothing is mounted there");
        files.splice(0);
      },
      ...Object.fromEntries(
        ["cp", "mv", "dd", "chroot", "ssh-keygen", "fallocate"].map((each) => [each, () => this.change(argv)]),
      ),
    };
    programs[name]?.();
  }

  private cryptsetup(argv: Words, secret: boolean): void {
    const [device = "", last = ""] = argv.slice(-2);
    if (argv[1] === "close") {
      this.close(argv, `/dev/mapper/${last}`);
      return;
    }
    if (!secret) this.refuse(argv, "no passphrase");
    if (argv[1] === "luksFormat") this.overwrite(argv, [last], { lock: after(argv, "--uuid") });
    else if (this.onDevice(argv, device).lock === undefined) this.refuse(argv, "not a LUKS device");
    else this.open(argv, `/dev/mapper/${last}`, [device]);
  }

  private sfdisk(argv: Words): void {
    const data = this.plan.steps.flatMap((step) => (step.data.kind === "partition" ? [step.data] : []));
    if (argv.includes("--part-label")) {
      if (this.mounts.size > 0 || this.opened.size > 0) this.refuse(argv, "finished while something is open");
      this.unfinished = false;
      return;
    }
    const table = data.find(({ target }) => argv.at(-1)?.endsWith(target.id));
    this.unfinished = true;
    for (const { partuuid } of table?.partitions ?? []) {
      const device = `/dev/disk/by-partuuid/${partuuid}`;
      if (this.busy(device)) this.refuse(argv, "in use");
      this.tables.add(device);
      this.content[device] = {};
    }
  }

  private mdadm(argv: Words, verb: string): void {
    const [array] = this.plan.steps.flatMap(({ data }) => (data.kind === "make-array" ? [data.array] : []));
    if (array === undefined) this.refuse(argv, "no array is planned");
    const device = `/dev/disk/by-id/md-uuid-${array.uuid}`;
    const members = argv.filter((word) => word.startsWith("/dev/disk/by-partuuid/"));
    if (verb === "--stop") this.close(argv, device);
    else if (verb === "--zero-superblock") this.overwrite(argv, members, {});
    else {
      if (option(argv, "--uuid") !== array.uuid) this.refuse(argv, "another array");
      if (verb === "--create") this.overwrite(argv, members, { array: array.uuid });
      if (members.some((member) => this.content[member]?.array !== array.uuid)) this.refuse(argv, "no superblock");
      this.open(argv, device, members);
    }
  }

  private lvm(argv: Words, name: string): void {
    const device = after(argv, "--devices");
    const { group } = this.onDevice(argv, device);
    if (group?.name !== name) this.refuse(argv, "volume group not found");
    const node = (volume: string) => `/dev/${name}/${volume}`;
    if (argv[0] === "lvcreate") {
      const volume = after(argv, "--name");
      if (group.volumes.includes(volume)) this.refuse(argv, "exists already");
      group.volumes.push(volume);
      this.content[node(volume)] = {};
      this.open(argv, node(volume), [device]);
      return;
    }
    const on = after(argv, "--activate") === "y";
    for (const volume of group.volumes) {
      if (on && !this.opened.has(node(volume))) this.open(argv, node(volume), [device]);
      if (!on && this.opened.has(node(volume))) this.close(argv, node(volume));
    }
  }

  private mount(argv: Words, device: string, at: string): void {
    if (this.mounts.has(at)) this.refuse(argv, "already mounted");
    if (argv.includes("squashfs") || argv.includes("overlay")) return;
    const { trees } = this.onDevice(argv, device);
    const tree = /subvol=\/([^,]*)/.exec(argv.join(" "))?.[1] ?? "";
    if (trees?.[tree] === undefined) this.refuse(argv, "no such file system or subvolume");
    this.mounts.set(at, { device: this.devicesOf(device)[0] ?? device, tree });
  }

  private umount(argv: Words, at: string): void {
    const mounted = this.mounts.get(at) ?? this.refuse(argv, "not mounted");
    const below = [...this.mounts.keys()].filter((point) => point.startsWith(`${at}/`));
    if (below.length > 0 && !argv.includes("-R")) this.refuse(argv, "target is busy");
    for (const point of [at, ...below]) this.mounts.delete(point);
    this.unsynced = this.unsynced.filter(({ device }) => device !== mounted.device);
  }

  /** The tree that a path is in: of the longest mount, and of the longest subvolume below it. */
  private place(path: string): { device: string; tree: string; files: string[] } | null {
    const at = [...this.mounts.keys()]
      .filter((point) => path === point || path.startsWith(`${point}/`))
      .sort((a, b) => b.length - a.length)[0];
    const mounted = at === undefined ? undefined : this.mounts.get(at);
    const trees = mounted === undefined ? undefined : this.content[mounted.device]?.trees;
    if (at === undefined || mounted === undefined || trees === undefined) return null;
    const rest = path.slice(at.length + 1);
    const tree =
      mounted.tree !== ""
        ? mounted.tree
        : (Object.keys(trees)
            .filter((name) => rest === name || rest.startsWith(`${name}/`))
            .sort((a, b) => b.length - a.length)[0] ?? "");
    return { device: mounted.device, tree, files: trees[tree] ?? [] };
  }

  private write(path: string, what: string): void {
    if (path.startsWith("/run/multiverse/boot")) return;
    const { device, tree, files } = this.place(path) ?? this.refuse(["write"], `${path} is the rescue system's`);
    if (this.content[device]?.sealed?.includes(tree)) this.refuse(["write"], `${path} is read-only`);
    if (files.includes(what)) return;
    files.push(what);
    this.unsynced.push({ device, tree, what });
  }

  private change(argv: Words): void {
    const to = (argv.find((word) => word.startsWith("of="))?.slice(3) ?? argv.at(-1) ?? "").replace(/\.new$/, "");
    if (argv[0] === "chroot" && argv.includes("userdel")) this.forget(`user ${to}`);
    else if (argv[0] === "chroot") this.user(argv, to);
    else if (to === "/run/multiverse/data") this.write(`${to}/copied`, `copied ${argv.at(-2)}`);
    else if (to.startsWith(ROOT) || to.startsWith("/run/multiverse/esp")) this.write(to, `made ${argv[0]} ${to}`);
  }

  private user(argv: Words, name: string): void {
    if (!argv.includes("useradd")) return;
    if (this.place(ROOT)?.files.includes(`user ${name}`)) this.refuse(argv, "already exists");
    this.write(`${ROOT}/etc/passwd`, `user ${name}`);
  }

  private forget(what: string): void {
    const files = this.place(ROOT)?.files ?? [];
    if (files.includes(what)) files.splice(files.indexOf(what), 1);
  }

  private btrfs(argv: Words, last: string): void {
    const [, noun = "", verb = ""] = argv;
    if (noun === "device") return;
    if (noun === "filesystem") {
      this.write(last, "a swap file");
      return;
    }
    const top = this.mounts.get(TOP);
    const on = top === undefined ? undefined : this.content[top.device];
    if (on?.trees === undefined) this.refuse(argv, "the top is not mounted");
    const name = (path: string) => path.slice(TOP.length + 1);
    if (noun === "property") {
      const tree = name(argv.at(-3) ?? "");
      on.sealed = [...(on.sealed ?? []).filter((each) => each !== tree), ...(last === "true" ? [tree] : [])];
      return;
    }
    if (verb === "delete") {
      if (on.trees[name(last)] === undefined) this.refuse(argv, "no such subvolume");
      delete on.trees[name(last)];
      on.sealed = (on.sealed ?? []).filter((tree) => tree !== name(last));
      return;
    }
    if (on.trees[name(last)] !== undefined) this.refuse(argv, "target exists");
    const from = verb === "snapshot" ? on.trees[name(argv.at(-2) ?? "")] : [];
    if (from === undefined) this.refuse(argv, "no such subvolume");
    on.trees[name(last)] = [...from];
    // A snapshot is a transaction of its own: what was written before it is on the disk with it.
    if (verb === "snapshot") this.unsynced = this.unsynced.filter(({ device }) => device !== top?.device);
    if (argv.includes("-r")) on.sealed = [...(on.sealed ?? []), name(last)];
  }
}
