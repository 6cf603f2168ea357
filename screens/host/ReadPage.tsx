// Pages that show what is known of one matter in full, and change nothing.
import { Box } from "ink";
import type { ReactNode } from "react";
import { useKeys } from "../../tui/keys/KeyRouter.tsx";
import { EMPTY, type Line, paragraph, span } from "../../tui/line.ts";
import { ListView } from "../../tui/parts/ListView.tsx";
import { Rows } from "../../tui/parts/Rows.tsx";
import { chosenController, type ReadPage as ReadName } from "../host-state/model.ts";
import { commandRows } from "./command-rows.ts";
import { controllerKey } from "./controller-keys.ts";
import { controllerRow, controllersHead, layControllers, reasonRows } from "./controller-rows.ts";
import { endpointRows } from "./endpoint-rows.ts";
import { heading } from "./facts.ts";
import { generationRows } from "./generation-rows.ts";
import { healthRows } from "./health-rows.ts";
import { keyRows } from "./key-rows.ts";
import { known } from "./look.ts";
import { networkRows } from "./network-rows.ts";
import { asideOf, noteRows } from "./panels.ts";
import { ScrollRows } from "./ScrollRows.tsx";
import type { HostPageProps } from "./StatusPage.tsx";

export function ReadPage({ what, ...props }: HostPageProps & { what: ReadName }): ReactNode {
  return what === "controllers" ? (
    <AllControllers {...props} />
  ) : (
    <ScrollRows room={props.room} rows={rowsOf(what, props)} />
  );
}

function rowsOf(what: Exclude<ReadName, "controllers">, { room, state, look }: HostPageProps): Line[] {
  const width = room.width - 2;
  const { t, surface } = look;
  const text = (...words: string[]) =>
    words.flatMap((word) => [EMPTY, ...paragraph(word, width, surface, undefined, 1)]);
  const commands = (...lines: string[]): Line[] => lines.map((each) => [span("   "), span(each, "strong")]);
  switch (what) {
    case "network": {
      const part = known("network", look);
      const endpoints = known("endpoints", look);
      const note = asideOf(part, look);
      return [
        ...(note === "" ? [] : paragraph(note, width, surface, "warning", 1)),
        ...noteRows(part, look, width),
        ...networkRows(part.value?.roots ?? [], look, { width: width - 1, full: true }).map(
          (row): Line => [span(" "), ...row],
        ),
        ...heading(t("host.panel.endpoints")),
        ...endpointRows(endpoints.value ?? [], look, width - 2).map((row): Line => [span("  "), ...row]),
        ...(look.locked ? text(t("host.addresses-blank")) : []),
      ];
    }
    case "health":
      return [EMPTY, ...healthRows(look, { width: width - 1, full: true }).map((row): Line => [span(" "), ...row])];
    case "generations":
      return generationRows(look, width);
    case "keys":
      return keyRows(look, room);
    case "commands":
      return commandRows(state, look, width);
    case "logs":
      return [
        ...text(t("host.logs.says")),
        EMPTY,
        ...commands(
          "journalctl -b -p warning",
          "journalctl -u multiversed -f",
          "journalctl -u libvirtd -f",
          "dmesg --level=err,warn",
        ),
        ...text(t(state.place === "vt" ? "host.logs.vt" : "host.logs.elsewhere")),
      ];
    case "shell":
      return text(t("host.shell.says"), t("host.shell.remote"));
    default:
      return what satisfies never;
  }
}

/** The same list as on the status, with the whole width and all columns. */
function AllControllers({ room, state, look, onIntent }: HostPageProps): ReactNode {
  const part = known("controllers", look);
  const all = part.value ?? [];
  const { t, surface } = look;
  const name = chosenController(state);
  useKeys(
    "screen",
    (key) =>
      key.name === "text" &&
      controllerKey(
        key.text,
        all.find((each) => each.name === name),
        onIntent,
      ),
  );
  const table = layControllers(all, look, room.width - 4);
  const at = Math.max(
    0,
    all.findIndex((each) => each.name === name),
  );
  const old = asideOf(part, look);
  const note: Line[] = [
    ...(old === "" ? [] : [[span(` ${old}`, "warning" as const)]]),
    ...noteRows(part, look, room.width - 2),
  ];
  const none =
    all.length === 0 && !part.asking ? paragraph(t("host.no-controllers"), room.width - 2, surface, "quiet", 1) : [];
  const chosen = all[at];
  const below =
    chosen === undefined ? [] : reasonRows(chosen, look, room.width - 4, 2).map((row): Line => [span("  "), ...row]);
  const above = [...note, ...none];
  const height = Math.max(2, room.height - above.length - below.length);
  return (
    <Box flexDirection="column" width={room.width} height={room.height}>
      <Rows rows={above} width={room.width} />
      <ListView
        room={{ width: room.width, height }}
        length={all.length}
        initial={at}
        head={controllersHead(table, look)}
        row={(index) => {
          const controller = all[index];
          return controller === undefined ? EMPTY : controllerRow(controller, table, look);
        }}
        onMove={(index) => {
          const moved = all[index]?.name;
          if (moved !== undefined) onIntent({ want: "choose", controller: moved });
        }}
        onChoose={(index) => {
          const controller = all[index]?.name;
          if (controller !== undefined) onIntent({ want: "open", page: { name: "controller", controller } });
        }}
      />
      <Rows rows={below} width={room.width} />
    </Box>
  );
}
