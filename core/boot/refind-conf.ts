// Renders rEFInd's configuration from our entries. Grammar: docs and measured tokens in docs/formats/efi-partition.md.
export interface MenuEntry {
  title: string;
  /** Paths on the ESP with forward slashes. */
  loader: string;
  initrd?: string;
  icon?: string;
  options?: string;
}

/** rEFInd reads ASCII only, and `}` alone on a line ends a stanza; a double quote inside quotes is doubled (refind/config.c). */
function quote(value: string): string {
  const ascii = value.replace(/[^\x20-\x7e]/g, "?");
  return `"${ascii.replaceAll('"', '""')}"`;
}

function stanza(entry: MenuEntry): string {
  return [
    `menuentry ${quote(entry.title)} {`,
    ...(entry.icon === undefined ? [] : [`    icon ${entry.icon}`]),
    `    loader ${entry.loader}`,
    ...(entry.initrd === undefined ? [] : [`    initrd ${entry.initrd}`]),
    ...(entry.options === undefined ? [] : [`    options ${quote(entry.options)}`]),
    "}",
  ].join("\n");
}

/** Our own file, included by refind.conf: one stanza an entry. */
export function renderMenu(entries: readonly MenuEntry[]): string {
  const stanzas = entries.map(stanza);
  return `# Written by multiverse; changes here are lost. The boot menu is kept as YAML on the host.\n\n${stanzas.join("\n\n")}\n`;
}

/** A menu that is there with one more entry behind the others, of which every byte stays. */
export function withEntry(text: string, entry: MenuEntry): string {
  return `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}\n${stanza(entry)}\n`;
}

/** The titles of a menu of ours. */
export function titlesOf(text: string): string[] {
  return [...text.matchAll(/^menuentry "((?:[^"]|"")*)" \{/gm)].map(([, title = ""]) => title.replaceAll('""', '"'));
}

/** A title that none of the others is part of, and that is part of none: `default_selection` looks for a part. */
export function titleBeside(wanted: readonly [string, ...string[]], others: readonly string[]): string {
  const clashes = (title: string) => others.some((other) => other.includes(title) || title.includes(other));
  const last = wanted.at(-1) ?? wanted[0];
  const numbered = others.map((_, at) => `${last} ${at + 2}`);
  return [...wanted, ...numbered].find((title) => !clashes(title)) ?? last;
}

export interface RefindSettings {
  /** Seconds: 0 waits forever, -1 boots at once. */
  timeout: number;
  /** Folders besides our own in which no loaders are looked for. */
  hidden?: readonly string[];
}

/**
 * The main file.
 * `scan_all_linux_kernels` is off, or every kernel in EFI/multiverse would be an entry of its own.
 */
export function renderRefindConf({ timeout, hidden = ["EFI/BOOT"] }: RefindSettings): string {
  return [
    "# Written by multiverse. Entries of your own may stand below the include line: they are never rewritten.",
    `timeout ${timeout}`,
    "default_selection 1",
    "scanfor manual,internal,external",
    "scan_all_linux_kernels false",
    `dont_scan_dirs ${["EFI/multiverse", ...hidden].join(",")}`,
    "include multiverse.conf",
    "",
  ].join("\n");
}
