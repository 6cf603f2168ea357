// Renders rEFInd's configuration from our entries. Grammar: docs and measured tokens in docs/formats/efi-partition.md.
export interface MenuEntry {
  title: string;
  /** Paths on the ESP with forward slashes. */
  loader: string;
  initrd: string;
  icon?: string;
  options: string;
}

/** rEFInd reads ASCII only, and `}` alone on a line ends a stanza; a double quote inside quotes is doubled (refind/config.c). */
function quote(value: string): string {
  const ascii = value.replace(/[^\x20-\x7e]/g, "?");
  return `"${ascii.replaceAll('"', '""')}"`;
}

/** Our own file, included by refind.conf: one stanza an entry. */
export function renderMenu(entries: readonly MenuEntry[]): string {
  const stanzas = entries.map((entry) =>
    [
      `menuentry ${quote(entry.title)} {`,
      ...(entry.icon === undefined ? [] : [`    icon ${entry.icon}`]),
      `    loader ${entry.loader}`,
      `    initrd ${entry.initrd}`,
      `    options ${quote(entry.options)}`,
      "}",
    ].join("\n"),
  );
  return `# Written by multiverse; changes here are lost. The boot menu is kept as YAML on the host.\n\n${stanzas.join("\n\n")}\n`;
}

/**
 * The main file. `timeout` in seconds: 0 waits forever, -1 boots at once.
 * `scan_all_linux_kernels` is off, or every kernel in EFI/multiverse would be an entry of its own.
 */
export function renderRefindConf(options: { timeout: number }): string {
  return [
    "# Written by multiverse. Entries of your own may stand below the include line: they are never rewritten.",
    `timeout ${options.timeout}`,
    "default_selection 1",
    "scanfor manual,internal,external",
    "scan_all_linux_kernels false",
    "dont_scan_dirs EFI/multiverse,EFI/BOOT",
    "include multiverse.conf",
    "",
  ].join("\n");
}
