// A model of a machine with a pool and an EFI partition that others live on: what the real programs would refuse, it refuses.
import { ProgramError } from "../../core/errors.ts";
import type { Action, Expectation } from "../../core/steps/action.ts";
import { sha256 } from "../../core/plan/derive.ts";
import { PowerCut } from "./model-machine.ts";

type Words = readonly string[];

export interface PoolState {
  /** The host id of whoever imported it last; null where it was exported, or that host has none. */
  lastUser: string | null;
  /** Data sets and snapshots by the pool's real name → properties and files. */
  sets: Record<string, { properties: Record<string, string>; files: string[] }>;
  holds: string[];
  /** Paths on the ESP, in any case → what is in the file. */
  esp: Record<string, string>;
  /** Labels of the firmware's entries. */
  entries: string[];
}

const NOBODY = "00000000";

/** What only exists while it runs. */
interface Running {
  hostid: string;
  importedAs: string | null;
  readonly: boolean;
  mounts: Map<string, string>;
  keys: Set<string>;
}

export class PoolMachine {
  performed = 0;
  private readonly name: string;
  private state: PoolState;
  private running: Running;
  private left: number | null = null;
  private failing: number | null = null;

  constructor(name: string, state: PoolState) {
    this.name = name;
    this.state = structuredClone(state);
    this.running = PoolMachine.started();
  }

  private static started(): Running {
    return { hostid: NOBODY, importedAs: null, readonly: false, mounts: new Map(), keys: new Set() };
  }

  disk(): PoolState {
    const sorted = Object.entries(this.state.sets).sort(([a], [b]) => (a < b ? -1 : 1));
    const sets = sorted.map(([name, { properties, files }]) => [name, { properties, files: [...files].sort() }] as const);
    const esp = Object.entries(this.state.esp).sort(([a], [b]) => (a < b ? -1 : 1));
    return structuredClone({ ...this.state, sets: Object.fromEntries(sets), esp: Object.fromEntries(esp) });
  }

  open() {
    return { mounts: [...this.running.mounts.keys()], imported: this.running.importedAs, hostid: this.running.hostid };
  }

  cutAfter(actions: number | null): void {
    this.left = actions;
  }

  failAfter(actions: number | null): void {
    this.failing = actions;
  }

  /** After a power cut, or when it is switched on: what is on the disks is all there is. */
  restart(): void {
    this.running = PoolMachine.started();
  }

  /** Another system starts from the pool and is switched off: a root pool is not exported then. */
  usedBy(hostid: string): void {
    this.restart();
    this.state.lastUser = hostid;
  }

  perform(action: Action): void {
    if (this.left === 0) throw new PowerCut();
    if (this.left !== null) this.left -= 1;
    this.performed += 1;
    if (this.failing !== null) {
      this.failing -= 1;
      if (this.failing === 0) throw new ProgramError(["dd"], "exit", 1, "dd: I/O error");
    }
    const forgiven = action.do === "run" && (action.anyExit === true || action.bestEffort !== undefined);
    try {
      this.act(action);
    } catch (error) {
      if (!forgiven || error instanceof PowerCut) throw error;
    }
  }

  private refuse(words: Words, why: string): never {
    throw new ProgramError([words[0] ?? "?", ...words.slice(1)], "exit", 1, why);
  }

  private act(action: Action): void {
    if (action.do === "write") this.write(action.path, action.content);
    else if (action.do === "pipe") this.pipe(...action.stages);
    else if (action.do === "check") this.check(action.argv, action.expect);
    else if (action.do === "run") this.program(action.argv, action.stdin ?? "");
  }

  private check(argv: Words, expect: Expectation): void {
    const { said, exit } = this.ask(argv);
    const meets =
      "oneOf" in expect
        ? expect.oneOf.some((text) => text.trim() === said.trim())
        : "exit" in expect
          ? (exit === 0) === (expect.exit === "zero")
          : "stdout" in expect
            ? said.trim() === expect.stdout.trim()
            : said === "";
    if (!meets) this.refuse(argv, `${said} (${exit}) is not ${JSON.stringify(expect)}`);
  }

  /** Programs that only look. */
  private ask(argv: Words): { said: string; exit: number } {
    const [program, verb] = argv;
    const last = argv.at(-1) ?? "";
    const is = (holds: boolean, said = "") => ({ said: holds ? said : "", exit: holds ? 0 : 1 });
    if (program === "zfs" && verb === "list") {
      if (this.running.importedAs === null) return is(false);
      const found = this.state.sets[this.real(last, argv)];
      const property = argv[argv.indexOf("-o") + 1] ?? "name";
      const value = property === "name" ? last : this.property(this.real(last, argv), property);
      return is(found !== undefined, value);
    }
    if (program === "zpool" && verb === "list") return is(this.running.importedAs === last);
    if (program === "mountpoint") return is(this.running.mounts.has(last));
    if (program === "sha256sum") {
      const text = this.onEsp(last);
      return is(text !== undefined, `${sha256(text ?? "")}  ${last}`);
    }
    return is(true);
  }

  /** Inherited from above, as user properties are. */
  private property(set: string, property: string): string {
    for (let at = set; at !== ""; at = at.slice(0, Math.max(0, at.lastIndexOf("/")))) {
      const own = this.state.sets[at]?.properties[property];
      if (own !== undefined) return own;
    }
    return "-";
  }

  /** The real name of a data set that is named by the name it is imported under. */
  private real(set: string, argv: Words): string {
    const { importedAs } = this.running;
    if (importedAs === null) this.refuse(argv, "no such pool");
    if (set !== importedAs && !set.startsWith(`${importedAs}/`)) this.refuse(argv, `${set} is of no imported pool`);
    return `${this.name}${set.slice(importedAs.length)}`;
  }

  private program(argv: Words, stdin: string): void {
    const [program = ""] = argv;
    const last = argv.at(-1) ?? "";
    if (program === "dd" && argv.some((word) => word.endsWith("/spl_hostid"))) {
      this.running.hostid = stdin.trim().replace("0x", "");
    } else if (program === "zpool") this.zpool(argv);
    else if (program === "zfs") this.zfs(argv);
    else if (program === "mount") this.mount(argv);
    else if (program === "umount") this.umount(argv, last);
    else if (program === "efibootmgr") this.firmware(argv);
    else if (["cp", "mv", "rm", "rmdir"].includes(program)) this.files(program, argv);
    else if (program === "chroot" || program === "unshare") this.inRoot(argv);
    else if (argv.some((word) => word.startsWith("/dev/disk/by-id"))) this.refuse(argv, "it is not this plan's to touch");
  }

  private zpool(argv: Words): void {
    const { state, running } = this;
    if (argv[1] === "export") {
      if (running.importedAs !== argv.at(-1)) this.refuse(argv, "not imported");
      if ([...running.mounts.values()].some((what) => what.startsWith(`${this.name}/`))) this.refuse(argv, "pool is busy");
      if (!running.readonly) state.lastUser = null;
      running.importedAs = null;
      running.keys.clear();
      return;
    }
    if (argv[1] !== "import") this.refuse(argv, "it is not this plan's to do");
    if (running.importedAs !== null) this.refuse(argv, "already imported");
    if (argv.includes("-f")) this.refuse(argv, "nobody has said that force is right");
    if (state.lastUser !== null && state.lastUser !== running.hostid)
      this.refuse(argv, `pool was previously in use from another system (hostid=${state.lastUser})`);
    running.importedAs = argv.at(-1) ?? "";
    running.readonly = argv.includes("readonly=on");
    if (!running.readonly) state.lastUser = running.hostid === NOBODY ? null : running.hostid;
  }

  private zfs(argv: Words): void {
    const { state, running } = this;
    const [, verb = ""] = argv;
    if (running.readonly && verb !== "list" && !argv.includes("-n")) this.refuse(argv, "read-only");
    const set = this.real(argv.at(-1) ?? "", argv);
    const options = argv.flatMap((word, at) => (argv[at - 1] === "-o" ? [word.split(/=(.*)/s)] : []));
    const properties = Object.fromEntries(options.map(([key = "", value = ""]) => [key, value]));
    const there = state.sets[set];
    const [of = ""] = set.split("@");
    switch (verb) {
      case "create":
        if (there !== undefined) this.refuse(argv, "dataset already exists");
        if (state.sets[set.slice(0, set.lastIndexOf("/"))] === undefined) this.refuse(argv, "parent does not exist");
        state.sets[set] = { properties, files: [] };
        if ("keyformat" in properties) running.keys.add(set);
        return;
      case "snapshot":
        if (there !== undefined) this.refuse(argv, "snapshot already exists");
        state.sets[set] = { properties, files: [...(state.sets[of] ?? this.refuse(argv, "no such data set")).files] };
        return;
      case "rollback": {
        const source = state.sets[of];
        if (there === undefined || source === undefined) this.refuse(argv, "no such snapshot");
        source.files = [...there.files];
        return;
      }
      case "destroy":
        return this.destroy(argv, set);
      case "hold":
        if (there === undefined) this.refuse(argv, "no such snapshot");
        state.holds.push(set);
        return;
      case "release":
        if (!state.holds.includes(set)) this.refuse(argv, "no such tag");
        state.holds = state.holds.filter((each) => each !== set);
        return;
      case "set":
        if (there === undefined) this.refuse(argv, "no such data set");
        for (const word of argv.slice(2, -1)) there.properties[word.split("=")[0] ?? ""] = word.split("=")[1] ?? "";
        return;
      case "inherit":
        if (there === undefined) this.refuse(argv, "no such data set");
        delete there.properties[argv[2] ?? ""];
        return;
      case "load-key":
        if (argv.includes("-n")) return;
        if (running.keys.has(set)) this.refuse(argv, "key already loaded");
        running.keys.add(set);
        return;
      default:
        return;
    }
  }

  private destroy(argv: Words, set: string): void {
    const { state } = this;
    const doomed = Object.keys(state.sets).filter(
      (each) => each === set || (argv.includes("-r") && (each.startsWith(`${set}/`) || each.startsWith(`${set}@`) || each.split("@")[0]?.startsWith(`${set}/`))),
    );
    if (doomed.length === 0) this.refuse(argv, "dataset does not exist");
    if (state.holds.some((held) => doomed.includes(held))) this.refuse(argv, "dataset is busy");
    if ([...this.running.mounts.values()].some((what) => doomed.includes(what))) this.refuse(argv, "dataset is busy");
    for (const each of doomed) delete state.sets[each];
  }

  private mount(argv: Words): void {
    const [what = "", where = ""] = argv.slice(-2);
    if (this.running.mounts.has(where)) this.refuse(argv, "already mounted");
    if (argv.includes("vfat")) this.running.mounts.set(where, "esp");
    else if (argv.includes("zfs")) {
      const set = this.real(what, argv);
      if (this.state.sets[set] === undefined) this.refuse(argv, "no such data set");
      const locked = Object.entries(this.state.sets)
        .filter(([name, { properties }]) => "keyformat" in properties && (set === name || set.startsWith(`${name}/`)))
        .sort(([a], [b]) => b.length - a.length)[0]?.[0];
      if (locked !== undefined && !this.running.keys.has(locked)) this.refuse(argv, "key is not loaded");
      this.running.mounts.set(where, set);
    } else this.running.mounts.set(where, "source");
  }

  private umount(argv: Words, where: string): void {
    const { mounts } = this.running;
    const below = [...mounts.keys()].filter((point) => point.startsWith(`${where}/`));
    if (!mounts.has(where)) this.refuse(argv, "not mounted");
    if (below.length > 0 && !argv.includes("-R")) this.refuse(argv, "target is busy");
    for (const point of [where, ...below]) mounts.delete(point);
  }

  private firmware(argv: Words): void {
    const label = argv[argv.indexOf("--label") + 1] ?? "";
    const there = this.state.entries.includes(label);
    if (argv.includes("--delete-bootnum")) {
      if (!there) this.refuse(argv, "no such entry");
      this.state.entries = this.state.entries.filter((each) => each !== label);
    } else this.state.entries.push(label);
  }

  private pipe(from: Words, to: Words): void {
    if (from[0] === "zfs") {
      const source = this.state.sets[this.real(from.at(-1) ?? "", from)] ?? this.refuse(from, "no such snapshot");
      const target = this.real(to.at(-1) ?? "", to);
      if (this.state.sets[target] !== undefined) this.refuse(to, "exists");
      this.state.sets[target] = { properties: {}, files: [...source.files] };
      this.state.sets[`${target}@recovery`] = { properties: {}, files: [...source.files] };
    } else if (to[0] === "tar") this.write(`${to[to.indexOf("-C") + 1]}/tree`, from.join(" "));
  }

  private inRoot(argv: Words): void {
    if (argv.includes("useradd")) {
      const files = this.rootFiles(argv);
      if (files.includes(`user ${argv.at(-1)}`)) this.refuse(argv, "already exists");
      files.push(`user ${argv.at(-1)}`);
    }
    if (argv.includes("userdel")) {
      const files = this.rootFiles(argv);
      if (!files.includes(`user ${argv.at(-1)}`)) this.refuse(argv, "no such user");
      files.splice(files.indexOf(`user ${argv.at(-1)}`), 1);
    }
  }

  private rootFiles(argv: Words): string[] {
    return this.state.sets[this.running.mounts.get("/mnt") ?? ""]?.files ?? this.refuse(argv, "nothing is at /mnt");
  }

  private key(path: string): string | null {
    const [, place, file] = /^(\/run\/multiverse\/esp[0-9]*)(\/.*)$/.exec(path) ?? [];
    if (place === undefined || file === undefined) return null;
    if (this.running.mounts.get(place) !== "esp") this.refuse(["write"], `${path} would be written to the rescue system`);
    return file.toLowerCase();
  }

  private onEsp(path: string): string | undefined {
    const key = this.key(path);
    return key === null ? undefined : this.state.esp[key];
  }

  private write(path: string, content: string): void {
    const key = this.key(path);
    if (key !== null) {
      this.state.esp[key] = content;
      return;
    }
    const at = [...this.running.mounts.keys()]
      .filter((point) => path.startsWith(`${point}/`))
      .sort((a, b) => b.length - a.length)[0];
    if (at === undefined) {
      if (path.startsWith("/mnt")) this.refuse(["write"], `${path} would be written to the rescue system`);
      return;
    }
    const files = this.state.sets[this.running.mounts.get(at) ?? ""]?.files;
    const what = `${path} ${content}`;
    if (files !== undefined && !files.includes(what)) files.push(what);
  }

  private files(program: string, argv: Words): void {
    const paths = argv.slice(1).filter((word) => word.startsWith("/"));
    if (program === "rm" || program === "rmdir") {
      for (const path of paths) {
        const key = this.key(path);
        if (key === null) continue;
        const doomed = Object.keys(this.state.esp).filter((file) => file === key || file.startsWith(`${key}/`));
        if (doomed.length === 0) this.refuse(argv, "no such file");
        for (const file of doomed) delete this.state.esp[file];
      }
      return;
    }
    const [from = "", to = ""] = paths.slice(-2);
    const key = this.key(to);
    if (key === null) {
      if (to.startsWith("/mnt")) this.write(to.endsWith("/.") ? to : `${to}/x`, argv.join(" "));
      return;
    }
    const source = this.key(from);
    const text = source === null ? `copy of ${from}` : this.state.esp[source];
    if (text === undefined) this.refuse(argv, "no such file");
    const target = key.endsWith("/") ? `${key}${from.slice(from.lastIndexOf("/") + 1).toLowerCase()}` : key;
    if (argv.includes("--no-clobber") && this.state.esp[target] !== undefined) return;
    this.state.esp[target] = text;
    if (program === "mv" && source !== null) delete this.state.esp[source];
  }
}
