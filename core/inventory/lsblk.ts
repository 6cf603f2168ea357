// Parses `lsblk -J -b -O`, of util-linux 2.38 (Debian 12) to 2.41 (Debian 13): which fields there are differs. Strict and
// by hand: for a thousand disks a schema took three times as long as everything else that is made of them.

const NAMES = ["name", "kname", "path", "type"] as const;
const TEXTS = [
  ...(["tran", "model", "vendor", "serial", "wwn", "pttype", "ptuuid", "fstype", "label", "uuid"] as const),
  ...(["partuuid", "partlabel", "parttype", "mountpoint"] as const),
] as const;
/** fssize, fsused and fsavail only of what is mounted. */
const NUMBERS = ["size", "log-sec", "phy-sec", "partn", "start", "fssize", "fsused", "fsavail"] as const;
const FLAGS = ["ro", "rm", "rota"] as const;

type Optional<Name extends string, Value> = { [Key in Name]?: Value | null | undefined };

export interface BlockDevice
  extends Record<(typeof NAMES)[number], string>,
    Optional<(typeof TEXTS)[number], string>,
    Optional<(typeof NUMBERS)[number], number>,
    Optional<(typeof FLAGS)[number], boolean> {
  /** [null] before util-linux 2.39, [] since. */
  mountpoints?: (string | null)[] | null | undefined;
  children?: BlockDevice[] | undefined;
}

/** The tree of block devices. Throws when the text is not lsblk's. */
export function parseLsblk(output: string): BlockDevice[] {
  const said: unknown = JSON.parse(output);
  if (!isMap(said)) throw wrong("", said);
  return list(said.blockdevices, "blockdevices", readDevice);
}

function readDevice(value: unknown, at: string): BlockDevice {
  if (!isMap(value)) throw wrong(at, value);
  const device: Record<string, unknown> = {};
  for (const name of NAMES) device[name] = typeof value[name] === "string" ? value[name] : fail(value, name, at);
  for (const name of TEXTS) {
    const given = value[name];
    if (given !== undefined) device[name] = given === null || typeof given === "string" ? given : fail(value, name, at);
  }
  for (const name of NUMBERS) {
    const given = value[name];
    if (given !== undefined)
      device[name] = given === null || typeof given === "number" ? given : digits(value, name, at);
  }
  for (const name of FLAGS) {
    const given = value[name];
    if (given !== undefined)
      device[name] = given === null || typeof given === "boolean" ? given : digit(value, name, at);
  }
  const { mountpoints, children } = value;
  if (mountpoints === null) device.mountpoints = null;
  else if (mountpoints !== undefined)
    device.mountpoints = list(mountpoints, `${at}.mountpoints`, (point, place) =>
      point === null || typeof point === "string" ? point : fail({ [place]: point }, place, at),
    );
  if (children !== undefined) device.children = list(children, `${at}.children`, readDevice);
  // Every name of the type was looked at.
  return device as unknown as BlockDevice;
}

type Fields = Readonly<Record<string, unknown>>;

/** Older versions write some numbers as text. */
function digits(from: Fields, name: string, at: string): number {
  const given = from[name];
  return typeof given === "string" && /^ *[0-9]+$/.test(given) ? Number(given) : fail(from, name, at);
}

/** And some booleans. */
function digit(from: Fields, name: string, at: string): boolean {
  const given = from[name];
  return given === "0" || given === "1" ? given === "1" : fail(from, name, at);
}

function list<Item>(value: unknown, at: string, read: (item: unknown, at: string) => Item): Item[] {
  if (!Array.isArray(value)) throw wrong(at, value);
  return value.map((item: unknown, index) => read(item, `${at}[${index}]`));
}

function fail(from: Fields, name: string, at: string): never {
  throw wrong(`${at}.${name}`, from[name]);
}

function wrong(at: string, value: unknown): Error {
  const is = value === undefined ? "is missing" : `is ${JSON.stringify(value).slice(0, 60)}`;
  return new Error(`${at === "" ? "the whole" : at} ${is}`);
}

function isMap(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The device and everything on top of it: partitions, and what is opened from them. */
export function withHolders(device: BlockDevice): BlockDevice[] {
  return [device, ...(device.children ?? []).flatMap(withHolders)];
}

/** Where a device itself is mounted; "[SWAP]" when it is swap in use. */
export function mountpointsOf(device: BlockDevice): string[] {
  const all = [...(device.mountpoints ?? []), device.mountpoint ?? null];
  return [...new Set(all.filter((point): point is string => point !== null && point !== ""))];
}

/** Whether a mount point is a folder or within it. */
export function isUnder(point: string, folder: string): boolean {
  return point === folder || point.startsWith(`${folder}/`);
}
