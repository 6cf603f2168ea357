// A model of disks byte by byte, of what is open on them, and of the files that are saved off them: who writes where is recorded.
import { ProgramError } from "../../core/errors.ts";
import type { Handle } from "../../core/inventory/inventory.ts";
import type { Action } from "../../core/steps/action.ts";
import { filled, ModelPages, type Piece } from "./model-pages.ts";

const BY_ID = "/dev/disk/by-id/";
/** What is lost when the machine is switched off. */
const VOLATILE = /^\/run\/multiverse\/(saving|memory)\//;
const FILES = /^\/run\/multiverse\/(saving|memory|state\/saved)\//;

/** Programs that name a disk and only read it; everything else that names one must be known here, or the model refuses. */
const READERS = /^(test|lsblk|blkid|zdb|pvs|blockdev|mdadm|cryptsetup|efibootmgr|fsck\.fat)$/;

/** Protective MBR, header and entries: 34 sectors of 512 bytes, 6 of 4096. */
const TABLE = 6 * 4096;

export interface Write {
  disk: string;
  start: number;
  bytes: number;
  by: string;
}

/** Something that is open on a disk, or on what is open below it. */
export interface OpenHolder {
  handle: Handle;
  disk: string;
  above: Handle | null;
}

/** What was copied from a disk, with where it began there; text; or an archive. */
type Content = { from: number; pieces: Piece[] } | string | Map<string, Content>;

export class ModelBlocks {
  readonly writes: Write[] = [];
  /** Bytes of each disk, by its path under /dev/disk/by-id; the other parts here name disks by that path, too. */
  readonly sizes = new Map<string, number>();
  /** Where a program would recognise an old content. */
  readonly signatures: { disk: string; start: number; end: number }[] = [];
  /** What the machine opens by itself when it starts, while its disk is as it was. */
  readonly opens: OpenHolder[] = [];
  #open: OpenHolder[] = [];
  readonly #disks = new Map<string, ModelPages>();
  readonly files = new Map<string, Content>();

  /** What is not as it was at the beginning. */
  changed(): Piece[] {
    return [...this.#disks.values()].flatMap((disk) => disk.changed());
  }

  open(): Handle[] {
    return this.#open.map(({ handle }) => handle);
  }

  start(): void {
    for (const path of this.files.keys()) if (VOLATILE.test(path)) this.files.delete(path);
    this.#open = this.opens.filter(({ disk }) => this.signatures.every((one) => one.disk !== disk || this.#is(one)));
  }

  /** True when it was all that there is to do. Throws what the program would end with. */
  act(action: Action): boolean {
    if (action.do === "wait") return this.#wait(action);
    if (action.do === "pipe")
      return this.#sums(
        action.stages[0],
        action.stages[1].find((word) => word.startsWith("of=")),
      );
    if (action.do === "write") {
      if (!FILES.test(action.path)) return false;
      this.files.set(action.path, action.content);
      return true;
    }
    if (action.do !== "check" || !("exit" in action.expect) || action.expect.exit === "zero")
      return this.#program(action.argv);
    return this.#mustFail(action.argv);
  }

  #mustFail(argv: readonly string[]): boolean {
    try {
      if (!this.#program(argv)) return false;
    } catch (error) {
      if (error instanceof ProgramError) return true;
      throw error;
    }
    fail(argv, "ended well");
  }

  /** A power cut in the middle: the first half is written. */
  half(action: Action): void {
    if (action.do !== "run" || action.argv[0] !== "dd") return;
    const { to, start, bytes, from } = dd(action.argv, this.files);
    const half = Math.floor(bytes / 2);
    if (to.startsWith(BY_ID))
      this.#write({ disk: to, start, bytes: half, by: "half a dd" }, this.#content(from, start, half));
  }

  #program(argv: readonly string[]): boolean {
    const [name = ""] = argv;
    const disk = argv.map(diskOf).find((found) => found !== null) ?? null;
    const file = argv.some((word) => FILES.test(word.replace(/^[-a-z]+=/, "")));
    if (name === "mdadm" && argv[1] === "--stop")
      this.#close(argv, ({ by, ...one }) => /^md/.test(by) && named(one, argv));
    else if (name === "dmsetup") this.#deviceMapper(argv);
    else if (name === "tee") this.#close(argv, ({ by, ...one }) => /^bcache/.test(by) && named(one, argv));
    else if (name === "test" && argv[1] === "-e" && /md-uuid|^\/dev\/md/.test(argv[2] ?? "")) {
      if (!this.#open.some(({ handle: { by, ...one } }) => /^md/.test(by) && named(one, argv))) fail(argv, "not there");
    } else if (name === "grep") fail(argv, "no other UUID");
    else if (name === "dd" && (disk !== null || file)) this.#copy(argv);
    else if (name === "env") this.#sums(argv, undefined);
    else if (name === "cmp" && disk !== null) this.#compare(argv, disk);
    else if (file) this.#file(argv);
    else if (disk === null) return this.#partition(argv);
    else return this.#whole(argv, disk);
    return true;
  }

  /** A program that names the disk; only those that are known to read it, or where they write, pass. */
  #whole(argv: readonly string[], disk: string): boolean {
    const [name = ""] = argv;
    if (name === "wipefs" && argv.includes("--no-act")) {
      if (this.#open.some((holder) => holder.disk === disk))
        fail(argv, "probing initialization failed: Device or resource busy");
    } else if (name === "wipefs" && !argv.includes("--all")) {
      this.#prove(argv, disk, "output");
    } else if (name === "sfdisk") {
      const size = this.sizes.get(disk) ?? 0;
      for (const start of [0, size - TABLE]) {
        this.#write(
          { disk, start, bytes: TABLE, by: name },
          { from: start, pieces: [filled(start, start + TABLE, "table")] },
        );
      }
      return false;
    } else if (/^(blkid|zdb|pvs|cryptsetup)$/.test(name) || (name === "mdadm" && argv[1] === "--examine")) {
      this.#prove(argv, disk, "exit");
    } else if (name === "test" && argv.includes("-ef")) {
      return false;
    } else if (!READERS.test(name)) {
      throw new Error(`the model does not know what ${argv.join(" ")} writes`);
    }
    return name !== "efibootmgr";
  }

  /** By the GUID of a new partition: what was planted is gone from the whole disk, or something is found. */
  #partition(argv: readonly string[]): boolean {
    const [name = ""] = argv;
    if (!argv.some((word) => word.includes("/by-partuuid/"))) return false;
    const proof = /^(blkid|zdb|pvs|cryptsetup)$/.test(name) || (name === "mdadm" && argv[1] === "--examine");
    if (!proof && !(name === "wipefs" && !argv.includes("--all"))) return false;
    this.#prove(argv, null, proof ? "exit" : "output");
    return true;
  }

  #prove(argv: readonly string[], disk: string | null, how: "exit" | "output"): void {
    const within = this.signatures.filter((one) => disk === null || one.disk === disk);
    const left = within.some((one) => this.#is(one));
    // Most end with a failure when they find nothing.
    if (how === "exit" ? !left : left) fail(argv, left ? "found" : "nothing found");
  }

  #deviceMapper(argv: readonly string[]): void {
    const which = ({ by, ...one }: Handle) => /^dm/.test(by) && named(one, argv);
    if (argv[1] === "remove") this.#close(argv, which);
    else if (!this.#open.some(({ handle }) => which(handle))) fail(argv, "Device does not exist.");
  }

  #close(argv: readonly string[], which: (handle: Handle) => boolean): void {
    const holder = this.#open.find(({ handle }) => which(handle)) ?? fail(argv, "no such device");
    const key = JSON.stringify(holder.handle);
    if (this.#open.some(({ above }) => JSON.stringify(above) === key)) fail(argv, "Device or resource busy");
    this.#open = this.#open.filter((one) => one !== holder);
  }

  #wait({ path, gone }: Extract<Action, { do: "wait" }>): boolean {
    if (gone !== true) return false;
    if (this.#open.some(({ handle: { by, ...one } }) => /^bcache/.test(by) && named(one, [path])))
      fail(["wait"], "still there");
    return true;
  }

  #copy(argv: readonly string[]): void {
    const { from, to, start, bytes } = dd(argv, this.files);
    if (argv.includes("count=0")) return;
    const content = this.#content(from, start, bytes);
    if (to.startsWith(BY_ID)) this.#write({ disk: to, start, bytes, by: argv.join(" ") }, content);
    else this.files.set(to, content);
  }

  #content(from: string, start: number, bytes: number): Exclude<Content, string | Map<string, Content>> {
    if (from === "/dev/zero") return { from: start, pieces: [filled(start, start + bytes, "zero")] };
    if (from.startsWith(BY_ID)) return { from: start, pieces: this.#disk(from).read(start, start + bytes) };
    const content = this.files.get(from);
    if (typeof content !== "object" || content instanceof Map) fail(["dd", from], "no such file");
    const pieces = content.pieces.flatMap((piece) => {
      const end = Math.min(piece.end, content.from + bytes);
      return piece.start < end ? [{ ...piece, end }] : [];
    });
    return { from: content.from, pieces };
  }

  #compare(argv: readonly string[], disk: string): void {
    const start = Number(/--ignore-initial=0:(\d+)/.exec(argv.join(" "))?.[1]);
    const bytes = Number(/--bytes=(\d+)/.exec(argv.join(" "))?.[1]);
    const saved = this.#content(argv.at(-2) ?? "", start, bytes);
    if (text({ from: start, pieces: this.#disk(disk).read(start, start + bytes) }) !== text(saved))
      fail(argv, "differ");
  }

  #is({ disk, start, end }: { disk: string; start: number; end: number }): boolean {
    return this.#disk(disk).original(start, end);
  }

  #disk(disk: string): ModelPages {
    const found = this.#disks.get(disk) ?? new ModelPages();
    this.#disks.set(disk, found);
    return found;
  }

  #write(write: Write, { from, pieces }: { from: number; pieces: readonly Piece[] }): void {
    this.#disk(write.disk).write(pieces, from, write.start);
    this.writes.push(write);
  }

  #file(argv: readonly string[]): void {
    const [name = "", last = ""] = [argv[0], argv.at(-1)];
    const below = (folder: string) => [...this.files.keys()].filter((path) => path.startsWith(`${folder}/`));
    if (name === "rm") {
      for (const path of argv.flatMap(below)) this.files.delete(path);
    } else if (name === "mv") {
      const from = argv.at(-2) ?? "";
      if (below(from).length === 0) fail(argv, "cannot stat");
      if (below(last).length > 0 && !argv.includes("--backup=numbered")) fail(argv, "Directory not empty");
      for (const path of below(last)) this.#rename(path, path.replace(last, `${last}.~1~`));
      for (const path of below(from)) this.#rename(path, path.replace(from, last));
    } else if (name === "tar") {
      this.#tar(argv);
    } else if (name !== "mkdir" && name !== "sync") {
      throw new Error(`the model does not know what ${argv.join(" ")} does`);
    }
  }

  #rename(from: string, to: string): void {
    this.files.set(to, this.files.get(from) ?? "");
    this.files.delete(from);
  }

  #tar(argv: readonly string[]): void {
    const archive = argv.find((word) => word.startsWith("--file="))?.slice("--file=".length) ?? "";
    const folder = argv[argv.indexOf("-C") + 1] ?? "";
    if (argv.includes("--create")) {
      const names = argv.slice(argv.indexOf("-C") + 2);
      const members = names.map((name) => [name, this.files.get(`${folder}/${name}`) ?? fail(argv, name)] as const);
      this.files.set(archive, new Map(members));
      return;
    }
    const members = this.files.get(archive);
    if (!(members instanceof Map)) fail(argv, "not an archive");
    for (const [name, content] of members) {
      if (argv.includes("--extract")) this.files.set(`${folder}/${name}`, content);
      else if (text(this.files.get(`${folder}/${name}`)) !== text(content)) fail(argv, "differs");
    }
  }

  /** `env --chdir=FOLDER sha256sum …`, of which the sums are the contents themselves. */
  #sums(argv: readonly string[], of: string | undefined): boolean {
    if (argv[0] !== "env" || argv[2] !== "sha256sum") return false;
    const folder = (argv[1] ?? "").replace("--chdir=", "");
    const content = (name: string) => text(this.files.get(`${folder}/${name}`) ?? fail(argv, name));
    if (of !== undefined) {
      const sums = new Map(argv.slice(3).map((name) => [name, content(name)] as const));
      this.files.set(of.slice("of=".length), sums);
      return true;
    }
    const sums = this.files.get(`${folder}/${argv.at(-1)}`);
    if (!(sums instanceof Map)) fail(argv, "no such file");
    for (const [name, sum] of sums) if (content(name) !== sum) fail(argv, `${name}: FAILED`);
    return true;
  }
}

const text = (content: Content | undefined): string =>
  content instanceof Map ? JSON.stringify([...content]) : JSON.stringify(content);

function fail(argv: readonly string[], why: string): never {
  throw new ProgramError([argv[0] ?? "?", ...argv.slice(1)], "exit", 1, why);
}

function diskOf(word: string): string | null {
  const [, path] = /^(?:if=|of=)?(\/dev\/disk\/by-id\/[^/\s]+)$/.exec(word) ?? [];
  return path === undefined || path.includes("md-uuid-") ? null : path.replace(/-part[0-9]+$/, "");
}

/** Whether a handle's name stands in the words. */
function named(one: object, argv: readonly string[]): boolean {
  const names: unknown[] = Object.values(one);
  return names.some((name) => argv.some((word) => typeof name === "string" && word.includes(name)));
}

function dd(argv: readonly string[], files: ReadonlyMap<string, Content>) {
  const value = (key: string) => argv.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1) ?? "";
  const [from, to] = [value("if"), value("of")];
  const content = files.get(from);
  const length =
    typeof content === "object" && "pieces" in content ? (content.pieces.at(-1)?.end ?? 0) - content.from : 0;
  const bytes = value("count") !== "" ? Number(value("count")) : length;
  return { from, to, start: Number(value("skip") || value("seek") || 0), bytes };
}
