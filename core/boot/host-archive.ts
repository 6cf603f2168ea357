// The small cpio archive that is appended to the generic initramfs and makes it this host's: never a key in it.
/** One file of the archive; parents are made by themselves. */
export interface ArchiveFile {
  /** Without a leading slash. */
  path: string;
  content: Uint8Array;
  /** Permission bits; default 0644. */
  mode?: number;
}

const FILE = 0o100000;
const DIRECTORY = 0o040000;

function entry(name: string, mode: number, inode: number, content: Uint8Array): Buffer {
  const hex = (value: number) => value.toString(16).padStart(8, "0");
  const nameBytes = Buffer.from(`${name}\0`);
  // newc header (linux Documentation/driver-api/early-userspace/buffer-format.rst):
  // ino mode uid gid nlink mtime filesize devmajor devminor rdevmajor rdevminor namesize check
  const fields = [inode, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, nameBytes.length, 0];
  const head = Buffer.concat([Buffer.from(`070701${fields.map(hex).join("")}`), nameBytes]);
  return Buffer.concat([pad4(head), pad4(Buffer.from(content))]);
}

function pad4(bytes: Buffer): Buffer {
  const rest = bytes.length % 4;
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(4 - rest)]);
}

/** The archive's bytes in "newc" format; the same files always give the same bytes. */
export function makeHostArchive(files: readonly ArchiveFile[]): Buffer {
  const directories = new Set<string>();
  for (const { path } of files) {
    const parts = path.split("/").slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth += 1) directories.add(parts.slice(0, depth).join("/"));
  }
  let inode = 1;
  const entries = [...directories].sort().map((name) => entry(name, DIRECTORY | 0o755, inode++, new Uint8Array()));
  for (const file of files) entries.push(entry(file.path, FILE | (file.mode ?? 0o644), inode++, file.content));
  entries.push(entry("TRAILER!!!", 0, 0, new Uint8Array()));
  return Buffer.concat(entries);
}

/** Reads an archive back: what `lsinitramfs` cannot, because it stops after the first one. */
export function readHostArchive(bytes: Uint8Array): ArchiveFile[] {
  const buffer = Buffer.from(bytes);
  const files: ArchiveFile[] = [];
  let at = 0;
  for (;;) {
    if (buffer.toString("latin1", at, at + 6) !== "070701") throw new Error(`no cpio header at byte ${at}`);
    const field = (index: number) =>
      Number.parseInt(buffer.toString("latin1", at + 6 + index * 8, at + 14 + index * 8), 16);
    const [mode, size, nameSize] = [field(1), field(6), field(11)];
    const name = buffer.toString("utf8", at + 110, at + 110 + nameSize - 1);
    const content = (at + 110 + nameSize + 3) & ~3;
    if (content + size > buffer.length) throw new Error(`cpio entry ${name} is cut off`);
    if (name === "TRAILER!!!") return files;
    if ((mode & 0o170000) === FILE)
      files.push({ path: name, content: buffer.subarray(content, content + size), mode: mode & 0o7777 });
    at = (content + size + 3) & ~3;
  }
}
