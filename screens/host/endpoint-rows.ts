// The addresses that the host is reached by, as rows of a table.
import type { ValueOf } from "../../core/status/snapshot.ts";
import { type Line, span, spread } from "../../tui/line.ts";
import { layTable, tableRow } from "../../tui/parts/table.ts";
import type { Look } from "./look.ts";
import { addressInWords, latencyInWords, networkKind, SCOPE } from "./network-rows.ts";

type Endpoint = ValueOf<"endpoints">[number];

export function endpointRows(endpoints: readonly Endpoint[], look: Look, width: number): Line[] {
  const { t, surface } = look;
  const reach = endpoints.map(({ reach }): Line => {
    if (reach.state === "silent") return [span(`${surface.glyphs.bad} ${t("host.reach.silent")}`, "bad")];
    if (reach.state === "unknown") return [span(t("host.hop.unknown"), "quiet")];
    return reach.latencyMs === null ? [span(t("host.reach.good"))] : [span(latencyInWords(reach.latencyMs))];
  });
  const cells = endpoints.map((each) => [
    addressInWords(width > 60 ? `${each.address}/${each.prefix}` : each.address, look),
    networkKind(each.network),
    each.region ?? "",
    each.interface,
    t(SCOPE[each.scope]),
    each.reach.target === null ? "" : addressInWords(each.reach.target, look),
  ]);
  const right = Math.max(...reach.map((row) => row.reduce((sum, { text }) => sum + text.length, 0)), 0);
  const columns = [
    { title: "" },
    { title: "" },
    // Where it is gives way to what it is.
    { title: "", elastic: true as const },
    { title: "", from: 46 },
    { title: "", from: 56 },
    { title: "", from: 64 },
  ];
  const room = width - right - 1;
  const table = layTable(columns, cells, room, surface);
  return endpoints.map((each, at) => {
    const tone = each.reach.state === "silent" ? ("bad" as const) : undefined;
    return spread(tableRow(table, cells[at] ?? [], surface, tone), reach[at] ?? [], width, surface.glyphs.more);
  });
}
