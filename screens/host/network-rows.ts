// The network as rows, hop by hop: what each hop is, what is known of it, and of a broken one why and what to do.
import type { Hop, HopAddress, HopTrouble, NetworkKind } from "../../core/status/network-facts.ts";
import { EMPTY, type Line, paragraph, type Span, span, spread } from "../../tui/line.ts";
import { rowsThatFit } from "../../tui/parts/rows-in-view.ts";
import { clean } from "../../tui/text/clean.ts";
import { columnsOf, padTo } from "../../tui/text/width.ts";
import type { Tone } from "../../tui/theme/tones.ts";
import type { TextKey } from "../text/en.ts";
import { BLANK } from "./blank-addresses.ts";
import type { Look } from "./look.ts";

export interface HopRowsOptions {
  width: number;
  /** All addresses, drivers and hardware addresses, and advice in full. */
  full: boolean;
}

interface Placed {
  hop: Hop;
  depth: number;
}

/** Nobody follows more hops than that, and a loop in what was told must not hang the screen. */
const DEEPEST = 12;

export function hopsOf(roots: readonly Hop[]): Placed[] {
  const walk = (hop: Hop, depth: number): Placed[] => [
    { hop, depth },
    ...(depth < DEEPEST ? hop.next.flatMap((each) => walk(each, depth + 1)) : []),
  ];
  return roots.flatMap((root) => walk(root, 0));
}

/** Three letters, as in the sketch of every network plan. */
const KIND: Readonly<Record<NetworkKind, string>> = {
  wan: "WAN",
  lan: "LAN",
  tunnel: "TUN",
  controllers: "CTL",
  none: "",
};

export function networkKind(kind: NetworkKind): string {
  return KIND[kind];
}

/** All rows of the trees. */
export function networkRows(roots: readonly Hop[], look: Look, options: HopRowsOptions): Line[] {
  const placed = hopsOf(roots);
  const names = placed.filter(({ depth }) => depth === 0).map(({ hop }) => columnsOf(look.say(hop.name)));
  const widest = Math.min(Math.max(...names, 0), 12);
  return placed.flatMap(({ hop, depth }, at) => [
    ...(options.full && depth === 0 && at > 0 ? [EMPTY] : []),
    ...hopRows(hop, depth, widest, look, options),
  ]);
}

function hopRows(hop: Hop, depth: number, widest: number, look: Look, { width, full }: HopRowsOptions): Line[] {
  const { surface } = look;
  const { glyphs } = surface;
  const indent = depth === 0 ? "" : `${"  ".repeat(Math.min(depth, 6) - 1)} ${glyphs.right} `;
  const tone = toneOf(hop);
  const head: Span[] =
    depth === 0
      ? [span(`${KIND[hop.network].padEnd(3)} `, "strong"), span(padTo(look.say(hop.name), widest, glyphs.more), tone)]
      : [span(indent), span(nameOf(hop, look), tone)];
  const facts = factsOf(hop, look, full || width > 60);
  const left: Line = facts === "" ? head : [...head, span(`  ${facts}`, hop.state === "ok" ? undefined : "quiet")];
  const rows: Line[] = [spread(left, stateOf(hop, look), width, glyphs.more)];
  const inset = depth === 0 ? 4 : columnsOf(indent);
  if (hop.state === "broken") {
    const advice = adviceOf(hop, look, full);
    const said = paragraph(advice, width - 1, surface, "warning", inset);
    rows.push(...(full ? said : rowsThatFit(said, { width, height: 2 }, surface)));
  }
  if (full) rows.push(...details(hop, look, width, inset));
  return rows;
}

function toneOf({ state }: Hop): Tone | undefined {
  return state === "broken" ? "bad" : state === "ok" ? undefined : "quiet";
}

function nameOf(hop: Hop, look: Look): string {
  const { t } = look;
  const name = look.say(hop.name);
  if (hop.kind === "gateway") return t("host.hop.gateway", { name });
  if (hop.kind === "dns") return t("host.hop.dns", { name });
  if (hop.kind === "router") return t("host.hop.router", { name });
  return hop.controller === null || hop.controller === hop.name || hop.kind === "controller"
    ? name
    : t("host.hop.of", { name, controller: look.say(hop.controller) });
}

/** The address that tells most: global before private, IPv4 before IPv6, what the link gives itself last. */
export function mainAddress(addresses: readonly HopAddress[]): HopAddress | null {
  const rank = ({ scope, family }: HopAddress) =>
    ["global", "private", "unique-local", "link", "host"].indexOf(scope) * 2 + (family === 6 ? 1 : 0);
  return addresses.toSorted((one, other) => rank(one) - rank(other))[0] ?? null;
}

export function addressInWords(address: string, { locked, surface, say }: Look): string {
  return locked ? clean(BLANK, surface.letters) : say(address);
}

function factsOf(hop: Hop, look: Look, wide: boolean): string {
  const address = mainAddress(hop.addresses);
  return [
    ...(hop.speed === null ? [] : [speedInWords(hop.speed)]),
    ...(wide && hop.driver !== null ? [look.say(hop.driver)] : []),
    ...(address === null ? [] : [addressInWords(address.address, look)]),
  ].join("  ");
}

/** "1 Gb/s", "100 Mb/s", "2.5 Gb/s". */
export function speedInWords(megabits: number): string {
  return megabits < 1000 ? `${megabits} Mb/s` : `${Math.round(megabits / 100) / 10} Gb/s`;
}

/** "4 ms", "0.4 ms". */
export function latencyInWords(ms: number): string {
  return ms < 1 ? `${Math.max(0.1, Math.round(ms * 10) / 10)} ms` : `${Math.round(ms)} ms`;
}

function stateOf(hop: Hop, { t, surface }: Look): Line {
  switch (hop.state) {
    case "ok":
      return hop.latencyMs === null ? [] : [span(latencyInWords(hop.latencyMs))];
    case "off":
      return [span(t("host.hop.off"), "quiet")];
    case "unknown":
      return [span(t("host.hop.unknown"), "quiet")];
    case "broken":
      return [
        span(`${surface.glyphs.bad} ${t(hop.trouble === null ? "host.hop.broken" : TROUBLE[hop.trouble])}`, "bad"),
      ];
    default:
      return hop.state satisfies never;
  }
}

const TROUBLE: Readonly<Record<HopTrouble, TextKey>> = {
  "no-carrier": "host.trouble.no-carrier",
  "switched-off": "host.trouble.switched-off",
  "no-address": "host.trouble.no-address",
  "no-route": "host.trouble.no-route",
  "gateway-silent": "host.trouble.gateway-silent",
  "dns-fails": "host.trouble.dns-fails",
  "peer-silent": "host.trouble.peer-silent",
  "member-lost": "host.trouble.member-lost",
};

const ADVICE: Readonly<Record<HopTrouble, TextKey>> = {
  "no-carrier": "host.advice.no-carrier",
  "switched-off": "host.advice.switched-off",
  "no-address": "host.advice.no-address",
  "no-route": "host.advice.no-route",
  "gateway-silent": "host.advice.gateway-silent",
  "dns-fails": "host.advice.dns-fails",
  "peer-silent": "host.advice.peer-silent",
  "member-lost": "host.advice.member-lost",
};

function adviceOf(hop: Hop, { t, say }: Look, full: boolean): string {
  const advice = hop.trouble === null ? "" : t(ADVICE[hop.trouble]);
  if (hop.seen === null || hop.seen === "") return advice;
  return full || advice === "" ? `${say(hop.seen)}. ${advice}`.trim() : advice;
}

/** Addresses beyond the first, and the hardware address. */
function details(hop: Hop, look: Look, width: number, inset: number): Line[] {
  const { t, surface, locked } = look;
  // A row of blanks for each would tell nothing.
  if (locked) return [];
  const first = mainAddress(hop.addresses);
  const more = hop.addresses.filter((each) => each !== first);
  const rows = more.map(
    (each) =>
      `${addressInWords(`${each.address}/${each.prefix}`, look)}  ${t(SCOPE[each.scope])}, ${t(ORIGIN[each.origin])}`,
  );
  const mac = hop.mac === null ? [] : [addressInWords(hop.mac, look)];
  return [...mac, ...rows].flatMap((text) => paragraph(text, width - 1, surface, "quiet", inset + 2).slice(0, 1));
}

export const SCOPE: Readonly<Record<HopAddress["scope"], TextKey>> = {
  global: "host.scope.global",
  private: "host.scope.private",
  "unique-local": "host.scope.unique-local",
  link: "host.scope.link",
  host: "host.scope.host",
};

const ORIGIN: Readonly<Record<HopAddress["origin"], TextKey>> = {
  dhcp: "host.origin.dhcp",
  router: "host.origin.router",
  fixed: "host.origin.fixed",
  "link-local": "host.origin.link-local",
  unknown: "host.origin.unknown",
};
