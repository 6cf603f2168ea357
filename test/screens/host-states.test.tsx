// Every state of a host's screens, on terminals of four sizes with their glyphs and colours: whole frames that say what matters.
import { describe, expect, test } from "vitest";
import { allHostStates, type HostDemoState } from "../../screens/demo/host/states.ts";
import { ENDPOINTS, NETWORK } from "../../screens/demo/host/view.ts";
import { hopsOf } from "../../screens/host/network-rows.ts";
import { LANGUAGES } from "../../tui/text/catalogue.ts";
import { columnsOf } from "../../tui/text/width.ts";
import type { GlyphSet } from "../../tui/theme/glyphs.ts";
import type { Colours } from "../../tui/theme/tones.ts";
import { openHostAt } from "./host-app.tsx";
import type { RenderedApp } from "./terminal.tsx";

interface Place {
  columns: number;
  rows: number;
  glyphSet: GlyphSet;
  colours: Colours;
}

const FULL = { columns: 80, rows: 24, glyphSet: "vt", colours: 8 } as const;

const PLACES: readonly Place[] = [
  { columns: 40, rows: 12, glyphSet: "vt", colours: 8 },
  { columns: 80, rows: 24, glyphSet: "ascii", colours: 0 },
  FULL,
  { columns: 160, rows: 50, glyphSet: "utf8", colours: 256 },
];

const states = allHostStates();
const nameOf = ({ name, state }: HostDemoState) => `${name}/${state}`;
const stateNamed = (name: string): HostDemoState => {
  const found = states.find((state) => nameOf(state) === name);
  if (found === undefined) throw new Error(`no state ${name}`);
  return found;
};

/** A frame that is what it should be, whatever the page. */
function faultsOf(app: RenderedApp, { columns, rows, glyphSet, colours }: Place): string[] {
  const faults = app.faults();
  const frame = app.frame();
  if (frame.length !== rows) faults.push(`${frame.length} rows`);
  if (frame[0]?.trim() === "") faults.push("no title");
  if (!/(\?|Ctrl-G) \S+\s*$|Esc \S+\s*$/.test(frame.at(-1) ?? "")) faults.push(`no keys: ${frame.at(-1)}`);
  for (const [at, row] of frame.entries()) {
    if (columnsOf(row) !== columns) faults.push(`row ${at} has ${columnsOf(row)} columns`);
    if (glyphSet === "ascii" && /[^ -~]/.test(row)) faults.push(`row ${at} is not ASCII: ${row}`);
    if (/\{\w+\}/.test(row)) faults.push(`row ${at} lacks a value: ${row}`);
  }
  const limit = colours === 8 ? 8 : 0;
  const coloured = app
    .cells()
    .flat()
    .filter(({ colour }) => colour >= limit);
  if (colours !== 256 && coloured.length > 0) faults.push(`${coloured.length} cells in colours that are not there`);
  return faults;
}

test("every state has a name of its own, and is the only one of its picture's name", () => {
  const names = states.map(nameOf);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, state } of states) expect(`${name}-${state}`).toMatch(/^[a-z0-9][a-z0-9-]*$/);
});

describe.each(PLACES)("$columns×$rows $glyphSet, $colours colours", (place) => {
  test.each(states.map((state) => [nameOf(state), state] as const))("%s", async (_, state) => {
    const opened = await openHostAt(state, place);
    const about = opened.app.text();
    expect(faultsOf(opened.app, place), about).toEqual([]);
    await opened.close();
  });
});

describe.each(LANGUAGES)("in %s", (language) => {
  test.each([PLACES[0], FULL].filter((place) => place !== undefined))("$columns×$rows is whole", async (place) => {
    for (const state of states) {
      const opened = await openHostAt({ ...state, host: { ...state.host, language } }, place);
      expect(faultsOf(opened.app, place), `${nameOf(state)}\n${opened.app.text()}`).toEqual([]);
      await opened.close();
    }
  });
});

/** What the status must say at 80×24, whatever else. */
const SAYS: Readonly<Record<string, readonly RegExp[]>> = {
  healthy: [
    /jupiter\.example\.net/,
    /g3 · 6740a1b2 current/,
    /up 3 d 04:12 +12:03/,
    /UEFI, Secure Boot on/,
    /clock in sync/,
    /otter canvas seven lime · SHA256:Yb3q/,
    /WAN enp5s0 +1 Gb\/s +203\.0\.113\.7/,
    /gateway 203\.0\.113\.1 +4 ms/,
    /TUN wg0 +10\.0\.0\.3 +21 ms/,
    /2001:db8:41::7 +WAN/,
    /work +Debian 13 +running 2 s/,
    /games +SteamOS +off/,
    /saturn +ONLINE +41 % +scrub 3 d ago/,
    /2 disks +38 °C +2 min/,
    /all running/,
    /12 packages/,
    /4 s old/,
  ],
  "broken-cable": [/gateway 203\.0\.113\.1 +x silent/, /enp6s0 +x no carrier/, /its cable at both ends/, /2 broken/],
  "failed-controller": [
    /x lab +Fedora 43 +failed 11:58/,
    /The checksum of the image at/,
    /mail +Debian 13 +silent 1 min/,
  ],
  "many-controllers": [/Controllers 200 · 33 failed/, /node-100/],
  lost: [/multiversed does not answer since 12 s; what is shown is old/, /Network ─+ 12 s old/, /all 12 s old/],
  slow: [/has not answered for 31 s/, /asking …/, /does not answer/, /work +Debian 13/, /4 sources are silent/],
  "fell-back": [/This start did not take release 6740a1b2: it did not come up twice/, /g3 · 672f10aa safe/],
  "on-trial": [/6740a1b2 on trial/, /has not been found good yet/],
  "no-controllers": [/There is no controller yet/],
  "nothing-yet": [/asking …/],
  "no-daemon": [/multiversed does not answer: .*there is no such file/],
  sick: [
    /DEGRADED/,
    /nvme1n1: it says itself/,
    /libvirtd\.service failed/,
    /log broken/,
    /1 in doubt/,
    /unfinished on/,
  ],
};

test("where libvirt does not answer it is not said that there is no controller", async () => {
  const none = stateNamed("status/no-controllers");
  const { view } = none.host;
  const controllers = { at: 0, value: [], failure: "libvirt did not answer within 8 s", live: false };
  const host = { ...none.host, view: { ...view, parts: { ...view.parts, controllers } } };
  const opened = await openHostAt({ ...none, host }, FULL);
  expect(opened.app.text()).toMatch(/has not answered for.*\n.*libvirt did not answer/);
  expect(opened.app.text()).not.toMatch(/There is no controller yet/);
  await opened.close();
});

test.each(Object.entries(SAYS))("status/%s says what it is about", async (state, wanted) => {
  const opened = await openHostAt(stateNamed(`status/${state}`), FULL);
  const text = opened.app.text();
  expect(
    wanted.filter((pattern) => !pattern.test(text)),
    text,
  ).toEqual([]);
  await opened.close();
});

test("all four panels stand at 80×24, and one at a time at 40×12", async () => {
  const titles = (app: RenderedApp) =>
    ["Network", "Endpoints", "Controllers", "Health"].filter((title) =>
      app.frame().some((row) => new RegExp(`[┌├─] (> )?${title}`).test(row)),
    );
  const large = await openHostAt(stateNamed("status/healthy"), FULL);
  expect(titles(large.app)).toHaveLength(4);
  await large.close();
  const small = await openHostAt(stateNamed("status/healthy"), { ...FULL, columns: 40, rows: 12 });
  const seen = new Set<string>();
  for (let at = 0; at < 5; at += 1) {
    for (const title of titles(small.app)) seen.add(title);
    await small.keys([{ press: "tab" }]);
  }
  expect(seen.size).toBe(4);
  await small.close();
  const broken = await openHostAt(stateNamed("status/broken-cable"), { ...FULL, columns: 40, rows: 12 });
  expect(broken.app.frame()[0]).toContain("4/5 Controllers x Network, Endpoints");
  await broken.close();
});

/** Every address that the demo's host has. */
const ADDRESSES = [
  ...ENDPOINTS.flatMap(({ address, reach }) => [address, reach.target ?? address]),
  ...hopsOf(NETWORK.roots).flatMap(({ hop }) => [
    ...hop.addresses.map(({ address }) => address),
    ...(hop.mac === null ? [] : [hop.mac]),
    ...(hop.kind === "gateway" || hop.kind === "dns" ? [hop.name] : []),
  ]),
  ...["52:54:00:12:34:56", "192.168.10.2", "fe80::5054:ff:fe12:3456"],
];

describe("while it is locked", () => {
  const locked = states.filter(({ host }) => host.view.parts.control?.value?.seat == null);
  test.each(locked.map((state) => [nameOf(state), state] as const))("no address is on %s", async (_, state) => {
    for (const place of [FULL, { ...FULL, columns: 160, rows: 50 }]) {
      const opened = await openHostAt(state, place);
      const text = opened.app.text();
      expect(
        ADDRESSES.filter((address) => text.includes(address)),
        text,
      ).toEqual([]);
      await opened.close();
    }
  });

  test("and unlocked all are there", async () => {
    const opened = await openHostAt(stateNamed("host-network/broken"), { ...FULL, columns: 160, rows: 50 });
    expect(opened.app.text()).toContain("203.0.113.7");
    expect(opened.app.text()).toContain("02:00:5e:10:00:01");
    await opened.close();
  });
});

test("a screen reader hears the words, without frames", async () => {
  const opened = await openHostAt(stateNamed("status/healthy"), { ...FULL, reader: true, animated: false });
  const text = opened.app.text();
  expect(text).not.toMatch(/[│┌└├]/);
  for (const title of ["Network", "Endpoints", "Controllers", "Health"]) expect(text).toContain(title);
  expect(faultsOf(opened.app, FULL), text).toEqual([]);
  await opened.close();
});

test("on a serial line nothing shows single seconds, so that a second changes nothing", async () => {
  const state = stateNamed("status/healthy");
  const opened = await openHostAt(state, { ...FULL, glyphSet: "ascii", colours: 0, animated: false });
  const before = opened.app.text();
  expect(before).not.toMatch(/\b[1-9] s\b(?! old)/);
  const later = await openHostAt(
    { ...state, host: { ...state.host, monotonic: state.host.monotonic + 1000, wall: state.host.wall + 1000 } },
    { ...FULL, glyphSet: "ascii", colours: 0, animated: false },
  );
  expect(later.app.text()).toBe(before);
  await opened.close();
  await later.close();
});

test("made small and large again, it is as it was", async () => {
  const opened = await openHostAt(stateNamed("status/failed-controller"), { ...FULL, columns: 160, rows: 50 });
  const before = opened.app.text();
  for (const [columns, rows] of [
    [40, 12],
    [1, 1],
    [20, 5],
    [160, 50],
  ] as const)
    await opened.app.resize(columns, rows);
  await opened.settle();
  expect(opened.app.text()).toBe(before);
  await opened.close();
});
