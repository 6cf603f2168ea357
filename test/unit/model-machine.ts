// A model of the machine an install works on: what the real programs would refuse, it refuses; a power cut keeps the disk only.
import { ProgramError } from "../../core/errors.ts";
import type { Action } from "../../core/steps/action.ts";
import { ModelBlocks } from "./model-blocks.ts";

export class PowerCut extends Error {}

interface DiskState {
  partitioned: boolean;
  unfinished: boolean;
  /** Disks with a table of ours, and those of them whose ESP still bears the mark. */
  tables: string[];
  marked: string[];
  /** ESP → its files. */
  esps: Record<string, string[]>;
  swap: boolean;
  pool: boolean;
  /** The host that last used the pool: an import by another, or after a cut, needs -f. */
  poolInUse: boolean;
  guid: boolean;
  /** Dataset → its files; a snapshot is `name@snap` → the files it froze. */
  sets: Record<string, string[]>;
  locked: string[];
}

const BLANK: DiskState = {
  ...{
    partitioned: false,
    unfinished: false,
    tables: [],
    marked: [],
    esps: {},
    swap: false,
    pool: false,
    poolInUse: false,
    guid: false,
  },
  ...{ sets: {}, locked: [] },
};

const clone = <Value>(value: Value): Value => structuredClone(value);

export class ModelMachine {
  performed = 0;
  before: (count: number) => void = () => {};
  /** The device of a second medium, and whether it is plugged in. */
  medium: string | null = null;
  plugged = true;
  /** What lies below: pages of the disks, what is open on them, and what is saved off them. */
  blocks = new ModelBlocks();
  private state: DiskState = clone(BLANK);
  private mounts = new Map<string, string>();
  private imported = false;
  private keys = new Set<string>();
  private memory = new Set<string>();
  /** Files written since the last sync of the pool: a power cut takes them back. */
  private unsynced: { set: string; what: string }[] = [];
  private left: number | null = null;
  private failing: { left: number; error: Error } | null = null;

  /** What is on the disk, without what a pool in use would add. */
  disk(): DiskState {
    const sets = Object.fromEntries(
      Object.entries(this.state.sets)
        .map(([name, files]) => [name, [...files].sort()] as const)
        .sort(),
    );
    const esps = Object.fromEntries(Object.entries(this.state.esps).map(([name, files]) => [name, [...files].sort()]));
    return { ...clone(this.state), sets, esps, locked: [...this.state.locked].sort() };
  }

  running() {
    return { mounts: [...this.mounts.keys()], pools: this.imported ? ["pool"] : [], keys: [...this.keys] };
  }

  cutAfter(actions: number | null): void {
    this.left = actions;
  }

  failAfter(actions: number | null, error: Error = new ProgramError(["dd"], "exit", 1, "dd: I/O error")): void {
    this.failing = actions === null ? null : { left: actions, error };
  }

  wipe(): void {
    this.blocks = new ModelBlocks();
    this.restart();
    this.state = clone(BLANK);
  }

  restart(): void {
    for (const { set, what } of this.unsynced) {
      const files = this.state.sets[set];
      if (files !== undefined) this.state.sets[set] = files.filter((file) => file !== what);
    }
    this.unsynced = [];
    this.mounts.clear();
    this.keys.clear();
    this.memory.clear();
    this.imported = false;
    this.blocks.start();
  }

  perform(action: Action): void {
    if (this.left === 0) {
      this.leaveHalf(action);
      throw new PowerCut();
    }
    if (this.left !== null) this.left -= 1;
    this.performed += 1;
    this.before(this.performed);
    if (this.failing !== null) {
      this.failing.left -= 1;
      if (this.failing.left === 0) throw this.failing.error;
    }
    const forgiven = action.do === "run" && (action.anyExit === true || action.bestEffort !== undefined);
    try {
      this.act(action);
    } catch (error) {
      if (!forgiven || error instanceof PowerCut) throw error;
    }
  }

  /** A cut in the middle of a copy leaves part of it on the disk. */
  private leaveHalf(action: Action): void {
    this.blocks.half(action);
    if (action.do !== "pipe") return;
    const [from, to] = action.stages;
    if (from[0] === "tar") this.write(`${to[to.indexOf("-C") + 1]}/tree`, "half a tree");
    else this.state.sets[to.at(-1) ?? ""] = ["half a stream"];
  }

  private refuse(words: readonly string[], why: string): never {
    throw new ProgramError([words[0] ?? "?", ...words.slice(1)], "exit", 1, why);
  }

  private act(action: Action): void {
    if (this.blocks.act(action)) return;
    if (action.do === "write") {
      this.write(action.path, `${action.path} ${action.content}`);
    } else if (action.do === "wait") {
      const there = action.path === this.medium ? this.plugged : this.state.partitioned;
      if (!there) this.refuse(["wait"], "it does not appear");
    } else if (action.do === "pipe") {
      this.pipe(...action.stages);
    } else {
      this.program(action.argv, action.do === "check" && "exit" in action.expect && action.expect.exit === "not-zero");
    }
  }

  private pipe(from: readonly string[], to: readonly string[]): void {
    if (from[0] !== "zfs") {
      const place = from[from.indexOf("-C") + 1] ?? "";
      const mounted = /^\/run\/multiverse\/(source|set)\//.test(place);
      if (mounted && !(this.plugged && this.mounts.has(place)))
        this.refuse(from, `tar: ${place}: Cannot read: Input/output error`);
      this.write(`${to[to.indexOf("-C") + 1] ?? ""}/tree`, `tree ${from.join(" ")}`);
      return;
    }
    const target = to.at(-1) ?? "";
    if (target in this.state.sets) this.refuse(to, "exists");
    const source = this.state.sets[from.at(-1) ?? ""] ?? this.refuse(from, "no snapshot");
    this.state.sets[target] = [...source];
    this.state.sets[`${target}@recovery`] = [...source];
  }

  private program(argv: readonly string[], wantsFailure: boolean): void {
    const [name = "", verb = ""] = argv;
    const last = argv.at(-1) ?? "";
    const { state } = this;
    if (name === "diff") {
      const [one = [], two = []] = argv.slice(-2).map((at) => this.filesBelow(at));
      // What is written under another place is the same where its path below that place is.
      if (one.join("\n") !== two.join("\n")) this.refuse(argv, `${one.length} and ${two.length} files differ`);
    } else if (name === "mountpoint" && wantsFailure) {
      if (this.mounts.has(last)) this.refuse(argv, "mounted");
    } else if (name === "zpool" && verb === "list") {
      if (this.imported) this.refuse(argv, "imported");
    } else if (name === "sfdisk" && argv.includes("--part-label")) {
      state.marked = state.marked.filter((disk) => !argv.includes(disk));
      state.unfinished = state.marked.length > 0;
    } else if (name === "sfdisk") {
      if (this.imported || [...this.mounts.values()].some((set) => set !== "source")) this.refuse(argv, "in use");
      Object.assign(state, { partitioned: true, unfinished: true, pool: false, sets: {}, locked: [] });
      for (const disks of [state.tables, state.marked]) if (!disks.includes(last)) disks.push(last);
    } else if (name === "sync") {
      this.unsynced = [];
    } else if (name === "mkfs.vfat") {
      state.esps[last] = ["made"];
    } else if (name === "mkswap") {
      state.swap = true;
    } else if (name === "mount") {
      this.mount(argv);
    } else if (name === "test" || name === "sha256sum") {
      if (last.startsWith("/run/multiverse/source/") && !this.mounts.has("/run/multiverse/source/medium"))
        this.refuse(argv, "no such file");
    } else if (name === "umount") {
      if (!this.mounts.has(last)) this.refuse(argv, "not mounted");
      const below = [...this.mounts.keys()].filter((point) => point.startsWith(`${last}/`));
      if (below.length > 0 && !argv.includes("-R")) this.refuse(argv, "target is busy");
      for (const point of [last, ...below]) this.mounts.delete(point);
    } else if (name === "zpool") {
      this.zpool(argv);
    } else if (name === "zfs") {
      this.zfs(argv);
    } else if (name === "chroot" && argv.includes("useradd")) {
      this.once(argv, `user ${last}`);
    } else if (name === "chroot" && argv.includes("userdel")) {
      this.remove(`user ${last}`);
    } else if (name === "cp" || name === "mv" || name === "dd" || name === "truncate") {
      this.copy(argv);
    } else if (name === "rm" || name === "mkdir") {
      if (argv.some((word) => word.startsWith("/run/multiverse/boot"))) {
        if (name === "rm") this.memory.clear();
      }
    }
  }

  /** What the file system that is mounted there holds, without the place in the names. */
  private filesBelow(at: string): string[] {
    const files = this.state.esps[this.mounts.get(at) ?? ""] ?? this.refuse(["diff"], `${at} is not mounted`);
    return files
      .map((file) => file.replace(/^\/run\/multiverse\/esp[0-9]*/, "").replace(/ \/run\/multiverse\/esp[0-9]*/, " "))
      .sort();
  }

  private once(argv: readonly string[], thing: string): void {
    const files = this.mountedFiles();
    if (files.includes(thing)) this.refuse(argv, "already exists");
    files.push(thing);
    this.unsynced.push({ set: this.mounts.get("/mnt") ?? "", what: thing });
  }

  private remove(thing: string): void {
    const files = this.mountedFiles();
    const at = files.indexOf(thing);
    if (at >= 0) files.splice(at, 1);
  }

  private mountedFiles(): string[] {
    const set = this.mounts.get("/mnt") ?? this.refuse(["chroot"], "nothing is mounted at /mnt");
    return this.state.sets[set] ?? this.refuse(["chroot"], "no such data set");
  }

  private copy(argv: readonly string[]): void {
    const text = argv.join(" ");
    const to = argv.find((word) => word.startsWith("of="))?.slice(3) ?? argv.at(-1) ?? "";
    if (to.startsWith("/run/multiverse/esp")) this.write(to.replace(/\.new$/, ""), to.replace(/\.new$/, ""));
    else if (text.includes("/mnt") && !to.startsWith("/run/multiverse/boot"))
      this.write("/mnt/x", text.includes("policy") || text.includes("initramfs") ? "packages" : text);
  }

  private write(path: string, what: string): void {
    if (path.startsWith("/run/multiverse/boot")) return;
    const at = [...this.mounts.keys()]
      .filter((point) => path.startsWith(`${point}/`))
      .sort((a, b) => b.length - a.length)[0];
    if (at === undefined) this.refuse(["write"], `${path} would be written to the rescue system`);
    const set = this.mounts.get(at) ?? "";
    const files = this.state.esps[set] ?? this.state.sets[set] ?? this.refuse(["write"], "no such data set");
    if (files.includes(what)) return;
    files.push(what);
    if (!(set in this.state.esps)) this.unsynced.push({ set, what });
  }

  private mount(argv: readonly string[]): void {
    const [device = "", at = ""] = argv.slice(-2);
    if (this.mounts.has(at)) this.refuse(argv, "already mounted");
    if (argv.includes("squashfs")) {
      const inner = device.startsWith("/run/multiverse/source/medium/");
      const own = device.startsWith("/live/");
      if (
        !own &&
        (!this.plugged || (inner ? !this.mounts.has("/run/multiverse/source/medium") : device !== this.medium))
      )
        this.refuse(argv, "no such device");
      this.mounts.set(at, "source");
      return;
    }
    if (argv.includes("overlay")) {
      const lower = /lowerdir=([^,]*)/.exec(argv.join(" "))?.[1]?.split(":") ?? [];
      const mounted = (place: string) => place.startsWith("/live/") || this.mounts.has(place);
      if (lower.length < 2 || !lower.every(mounted)) this.refuse(argv, "a layer is not there");
      this.mounts.set(at, "source");
      return;
    }
    if (argv.includes("vfat")) {
      if (!(device in this.state.esps)) this.refuse(argv, "no file system");
      this.mounts.set(at, device);
      return;
    }
    if (!this.imported) this.refuse(argv, "pool is not imported");
    if (!(device in this.state.sets)) this.refuse(argv, "no such data set");
    const lock = this.state.locked.filter((root) => device.startsWith(root)).sort((a, b) => b.length - a.length)[0];
    if (lock !== undefined && !this.keys.has(lock)) this.refuse(argv, "key is not loaded");
    this.mounts.set(at, device);
  }

  private zpool(argv: readonly string[]): void {
    const { state } = this;
    switch (argv[1]) {
      case "create":
        if (this.imported || state.pool) this.refuse(argv, "pool exists");
        Object.assign(state, { pool: true, poolInUse: true, guid: false, sets: {}, locked: [] });
        this.imported = true;
        return;
      case "reguid":
        if (!this.imported) this.refuse(argv, "not imported");
        state.guid = true;
        return;
      case "destroy":
        if (!this.imported) this.refuse(argv, "not imported");
        Object.assign(state, { pool: false, poolInUse: false, sets: {}, locked: [] });
        this.imported = false;
        this.keys.clear();
        return;
      case "labelclear":
        if (!this.imported && argv.at(-1)?.includes("by-partuuid"))
          Object.assign(state, { pool: false, poolInUse: false, sets: {}, locked: [] });
        return;
      case "export":
        if (!this.imported) this.refuse(argv, "not imported");
        if ([...this.mounts.values()].some((set) => !(set in state.esps) && set !== "source"))
          this.refuse(argv, "pool is busy");
        this.imported = false;
        this.keys.clear();
        this.unsynced = [];
        state.poolInUse = false;
        return;
      case "import":
        if (this.imported) this.refuse(argv, "already imported");
        if (!state.pool || !state.guid) this.refuse(argv, "no such pool");
        if (state.poolInUse && !argv.includes("-f")) this.refuse(argv, "in use by another system");
        this.imported = true;
        if (!argv.includes("readonly=on")) state.poolInUse = true;
        return;
      default:
        return;
    }
  }

  private zfs(argv: readonly string[]): void {
    const { state } = this;
    // Changes of data sets wait for their transaction group, and with it for everything written before.
    if (["create", "snapshot", "destroy", "set", "rollback"].includes(argv[1] ?? "")) this.unsynced = [];
    const verb = argv[1] ?? "";
    const name = argv.at(-1) ?? "";
    if (!this.imported) this.refuse(argv, "pool is not imported");
    switch (verb) {
      case "create":
        if (name in state.sets) this.refuse(argv, "exists");
        state.sets[name] = [];
        if (argv.some((word) => word.startsWith("encryption="))) {
          state.locked.push(name);
          this.keys.add(name);
        }
        return;
      case "destroy":
        if (!(name in state.sets)) this.refuse(argv, "no such data set");
        if ([...this.mounts.values()].some((set) => set === name || set.startsWith(`${name}/`)))
          this.refuse(argv, "busy");
        for (const set of Object.keys(state.sets)) {
          if (set === name || set.startsWith(`${name}/`) || set.startsWith(`${name}@`)) delete state.sets[set];
        }
        state.locked = state.locked.filter((set) => set !== name && !set.startsWith(`${name}/`));
        return;
      case "snapshot":
        if (name in state.sets) this.refuse(argv, "exists");
        state.sets[name] = [...(state.sets[name.split("@")[0] ?? ""] ?? this.refuse(argv, "no such data set"))];
        return;
      case "rollback":
        state.sets[name.split("@")[0] ?? ""] = [...(state.sets[name] ?? this.refuse(argv, "no such snapshot"))];
        return;
      case "load-key":
        if (!state.locked.includes(name)) this.refuse(argv, "not encrypted");
        if (argv.includes("-n")) return;
        if (this.keys.has(name)) this.refuse(argv, "already loaded");
        this.keys.add(name);
        return;
      case "list":
        if (!(name in state.sets)) this.refuse(argv, "no such data set");
        return;
      default:
        return;
    }
  }
}
