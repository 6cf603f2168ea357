// Reads apt's source lists (deb822 and one-line) and turns this machine's Debian mirrors into those of the release we build. Pure.

/** One archive to take packages from. */
export interface AptSource {
  uri: string;
  suite: string;
  components: string[];
}

const COMPONENTS = ["main", "contrib", "non-free-firmware"];
const RELEASES = /^(bullseye|bookworm|trixie|forky|sid|oldoldstable|oldstable|stable|testing|unstable)$/;

/** Parses the text of one file under /etc/apt; `name` decides the format. Disabled and source-code entries are left out. */
export function parseAptSources(name: string, text: string): AptSource[] {
  return name.endsWith(".sources") ? parseDeb822(text) : parseOneLine(text);
}

function parseOneLine(text: string): AptSource[] {
  return text.split("\n").flatMap((line) => {
    const entry = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)((?:\s+[^\s#]+)*)/.exec(line);
    if (entry === null) return [];
    const [, uri = "", suite = "", components = ""] = entry;
    return [{ uri, suite, components: words(components) }];
  });
}

function parseDeb822(text: string): AptSource[] {
  const withoutComments = text
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .join("\n");
  return withoutComments.split(/\n[ \t]*\n/).flatMap((stanza) => {
    const fields = new Map<string, string>();
    for (const field of stanza.replace(/\n[ \t]+/g, " ").split("\n")) {
      const at = field.indexOf(":");
      if (at > 0) fields.set(field.slice(0, at).trim().toLowerCase(), field.slice(at + 1).trim());
    }
    if (/^(no|false|0|off)$/i.test(fields.get("enabled") ?? "")) return [];
    if (!words(fields.get("types") ?? "").includes("deb")) return [];
    return words(fields.get("uris") ?? "").flatMap((uri) =>
      words(fields.get("suites") ?? "").map((suite) => ({
        uri,
        suite,
        components: words(fields.get("components") ?? ""),
      })),
    );
  });
}

/**
 * The same mirrors for release `suite`: bookworm-security becomes trixie-security. Sources of other distributions and of
 * third parties, and backports, are left out. Empty when this machine uses no Debian mirror.
 */
export function sourcesForRelease(machine: readonly AptSource[], suite: string): AptSource[] {
  const found = new Map<string, AptSource>();
  for (const source of machine) {
    const [release = "", pocket = ""] = source.suite.split(/[-/]/);
    if (!RELEASES.test(release) || !source.components.includes("main")) continue;
    if (!["", "updates", "security"].includes(pocket)) continue;
    const security = pocket === "security" || source.uri.replace(/\/$/, "").endsWith("-security");
    const target = security ? `${suite}-security` : pocket === "" ? suite : `${suite}-${pocket}`;
    if (!found.has(target)) found.set(target, { uri: source.uri, suite: target, components: COMPONENTS });
  }
  return [...found.values()];
}

/** One-line format, which every tool reads. */
export function renderOneLine(sources: readonly AptSource[], option = ""): string {
  return sources.map(({ uri, suite, components }) => `deb ${option}${uri} ${suite} ${components.join(" ")}\n`).join("");
}

/** deb822 format, as an installed Debian 13 has it. */
export function renderDeb822(sources: readonly AptSource[]): string {
  return sources
    .map(({ uri, suite, components }) =>
      [
        "Types: deb",
        `URIs: ${uri}`,
        `Suites: ${suite}`,
        `Components: ${components.join(" ")}`,
        "Signed-By: /usr/share/keyrings/debian-archive-keyring.pgp",
        "",
      ].join("\n"),
    )
    .join("\n");
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
