// Which mirrors an image is built from, given the ways in which machines write down theirs.
import { expect, test } from "vitest";
import { parseAptSources, renderOneLine, sourcesForRelease } from "../../rescue/apt-sources.ts";

const mirror = "http://mirror.example/debian";

test("deb822: both archives, comments and continued lines", () => {
  const text = `Types: deb deb-src
# a comment between fields
URIs: ${mirror}
Suites: bookworm
 bookworm-updates
Components: main

Types: deb
URIs: ${mirror}-security
Suites: bookworm-security
Components: main contrib
`;
  const found = sourcesForRelease(parseAptSources("debian.sources", text), "trixie");
  expect(found.map(({ uri, suite }) => `${uri} ${suite}`)).toEqual([
    `${mirror} trixie`,
    `${mirror} trixie-updates`,
    `${mirror}-security trixie-security`,
  ]);
  expect(found[0]?.components).toEqual(["main", "contrib", "non-free-firmware"]);
});

test("a disabled stanza, a source-code line and a comment give nothing", () => {
  const stanza = `Enabled: no\nTypes: deb\nURIs: ${mirror}\nSuites: trixie\nComponents: main\n`;
  expect(parseAptSources("off.sources", stanza)).toEqual([]);
  const lines = `# deb ${mirror} trixie main\ndeb-src ${mirror} trixie main\n`;
  expect(parseAptSources("sources.list", lines)).toEqual([]);
});

test("one-line format with options, and the old name of the security suite", () => {
  const text = `deb [arch=amd64 signed-by=/k.gpg] ${mirror} bullseye main # mine\ndeb ${mirror}-security bullseye/updates main\n`;
  const found = sourcesForRelease(parseAptSources("sources.list", text), "trixie");
  expect(found.map(({ suite }) => suite)).toEqual(["trixie", "trixie-security"]);
});

test("third parties, other distributions and backports are left out", () => {
  const text = `deb ${mirror} nodistro main\ndeb ${mirror} noble main\ndeb ${mirror} bookworm-backports main\ndeb ${mirror} stable contrib\n`;
  expect(sourcesForRelease(parseAptSources("sources.list", text), "trixie")).toEqual([]);
});

test("what is written is read back", () => {
  const sources = [{ uri: mirror, suite: "trixie", components: ["main", "contrib"] }];
  expect(parseAptSources("sources.list", renderOneLine(sources, "[trusted=yes] "))).toEqual(sources);
});
