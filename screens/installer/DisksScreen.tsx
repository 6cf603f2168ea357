// Which disk the system goes to: what each is and holds, why some cannot be used, and the layout before and after.
import { type ReactNode, useEffect, useState } from "react";
import type { DiskHealth } from "../../core/inventory/health.ts";
import type { Disk } from "../../core/inventory/inventory.ts";
import { sizeInWords } from "../../core/size-in-words.ts";
import { type DisksWanted, disksWanted } from "../../core/spec/ask-layout.ts";
import { useKeys } from "../../tui/keys/KeyRouter.tsx";
import { EMPTY, type Line, line, paragraph, span } from "../../tui/line.ts";
import { ListView } from "../../tui/parts/ListView.tsx";
import { Rows } from "../../tui/parts/Rows.tsx";
import { rowsThatFit } from "../../tui/parts/rows-in-view.ts";
import { layTable, tableHead, tableRow } from "../../tui/parts/table.ts";
import { useSurface } from "../../tui/shell/SurfaceContext.tsx";
import { clean } from "../../tui/text/clean.ts";
import { Column } from "../parts/Column.tsx";
import { diskPicture, partsAfter, partsNow } from "../parts/disk-picture.ts";
import { isEnough, type Marked, markedInWords, toggled } from "../parts/marked-disks.ts";
import { BACK, MOVE, type Screen, type ScreenProps } from "../screen.ts";
import { type Translate, useText } from "../text/translate.ts";
import type { Wizard } from "../wizard/model.ts";
import { questionsOn } from "../wizard/steps.ts";
import { DiskDetails } from "./DiskDetails.tsx";

/** Each question has marks of its own. */
function DisksScreen(props: ScreenProps): ReactNode {
  return <OneQuestion key={diskPath(props.wizard).join(".")} {...props} />;
}

function OneQuestion({ room, wizard, onIntent }: ScreenProps): ReactNode {
  const t = useText();
  const surface = useSurface();
  const disks = wizard.inventory?.disks ?? [];
  const usable = (index: number) => whyNot(disks[index], t) === null;
  const firstUsable = disks.findIndex((_, index) => usable(index));
  const wants = wantedDisks(wizard);
  const several = wants.most !== 1;
  const [marked, setMarked] = useState<Marked>(() => (several ? chosenDisks(wizard) : []));
  const chosen = disks.findIndex(({ id }) => id !== null && chosenDisks(wizard).includes(id));
  // Coming back, the pointer is where it was left: Enter must not change an answer.
  const [at, setAt] = useState(Math.max(0, chosen < 0 ? firstUsable : chosen));
  const [details, setDetails] = useState(false);
  const disk = disks[at];
  const id = disk?.id ?? null;
  // As text, because a list is another one at each drawing; an identity has no space.
  const among = (id === null || marked.includes(id) ? marked : [...marked, id]).join(" ");
  const asked = wizard.preview?.id === id && wizard.preview.among.join(" ") === among;
  const wantsPreview = id !== null && disk?.unusable.length === 0 && !asked;
  useEffect(() => {
    if (wantsPreview && id !== null) onIntent({ want: "preview", disk: id, among: among.split(" ") });
  }, [wantsPreview, id, among, onIntent]);
  useKeys("screen", (key) => {
    if (key.text !== "d" || disk === undefined) return false;
    setDetails(!details);
    return true;
  });
  const width = room.width - 2;
  if (disks.length === 0) {
    const rows = [EMPTY, ...paragraph(t("disks.none"), width, surface, "warning", 1)];
    return <Rows rows={rowsThatFit(rows, room, surface)} {...room} />;
  }
  if (details && disk !== undefined)
    return (
      <DiskDetails
        room={room}
        disk={disk}
        health={wizard.preview?.id === disk.id ? wizard.preview.health : null}
        onClose={() => setDetails(false)}
      />
    );
  const signOf = (index: number) => {
    const { radioOff, boxOn, boxOff } = surface.glyphs;
    if (!usable(index)) return radioOff;
    return several ? (marked.includes(disks[index]?.id ?? "") ? boxOn : boxOff) : " ";
  };
  const cells = disks.map((each) => cellsOf(each, t));
  const columns = [
    { title: t("disks.disk"), elastic: true as const },
    { title: t("disks.serial"), from: 70 },
    { title: t("disks.bus"), from: 100 },
    { title: t("disks.size"), align: "right" as const },
    { title: t("disks.on"), elastic: true as const },
  ];
  const table = layTable(columns, cells, room.width - 6, surface);
  const tight = room.height < 14;
  const above: Line[] = [
    ...(tight ? [] : whyAsked(wizard, width, surface, t)),
    ...(firstUsable < 0 ? paragraph(t("disks.none-usable"), width, surface, "warning", 1) : []),
    ...(several
      ? paragraph(markedInWords(marked, wants, t), width, surface, isEnough(marked, wants) ? "good" : "warning", 1)
      : []),
  ];
  const below = disk === undefined ? [] : about(disk, wizard, width, surface, t);
  return (
    <Column room={room} above={above} below={below} least={tight ? 4 : 5} wanted={disks.length + 1}>
      {(rest) => (
        <ListView
          room={rest}
          length={disks.length}
          initial={at}
          head={[span("  "), ...tableHead(table, surface)]}
          choosable={usable}
          row={(index) => [
            span(`${signOf(index)} `),
            ...tableRow(table, cells[index] ?? [], surface, usable(index) ? undefined : "quiet"),
          ]}
          onMove={setAt}
          onKey={(key, index) => {
            const here = disks[index]?.id;
            if (!several || key.text !== " " || !usable(index) || here === null || here === undefined) return false;
            setMarked(toggled(marked, here));
            return true;
          }}
          onChoose={(index) => {
            const chosen = disks[index]?.id;
            if (chosen === null || chosen === undefined) return;
            if (wizard.preview?.id === chosen && wizard.preview.refused !== null) return;
            if (several && !isEnough(marked, wants)) return;
            onIntent({ want: "answer", answers: [{ path: diskPath(wizard), value: several ? [...marked] : chosen }] });
          }}
        />
      )}
    </Column>
  );
}

/** The identities of those that the spec names now; a selector that leads nowhere names none. */
function chosenDisks(wizard: Wizard): string[] {
  const { spec = null, loaded = null } = wizard.judged ?? {};
  const [, name = "system"] = diskPath(wizard);
  const stated = spec?.disks[name] ?? loaded?.spec.disks?.[name] ?? [];
  const names = typeof stated === "string" ? [stated] : Array.isArray(stated) ? stated : [];
  return names.flatMap((said) => {
    const wanted = said.replace(BY_ID, "");
    const found = wizard.inventory?.disks.find(({ id, aliases }) => id !== null && [id, ...aliases].includes(wanted));
    return found?.id ?? [];
  });
}

/** By the question that is asked; by the spec where an answer is changed. */
function wantedDisks(wizard: Wizard): DisksWanted {
  const asked = questionsOn(wizard, "disks")[0]?.wants;
  if (asked !== undefined) return asked;
  const spec = wizard.judged?.loaded?.spec;
  const [, name = "system"] = diskPath(wizard);
  return spec === undefined ? { least: 1, most: 1, even: false } : disksWanted(spec, name);
}

const BY_ID = /^\/dev\/disk\/by-id\//;

/** Where the answer goes: the spec may give the disk another name than "system". */
function diskPath(wizard: Wizard): string[] {
  const asked = questionsOn(wizard, "disks")[0]?.path.slice("disks.".length);
  return ["disks", asked ?? wizard.judged?.loaded?.spec.root?.on ?? "system"];
}

export function whyNot(disk: Disk | undefined, t: Translate): string | null {
  if (disk === undefined) return "";
  if (disk.unusable.length > 0) return t("disks.cannot", { why: disk.unusable.join("; ") });
  return disk.id === null ? t("disks.cannot", { why: t("disks.no-name") }) : null;
}

function cellsOf(disk: Disk, t: Translate): string[] {
  const name = [disk.vendor, disk.model].filter((word) => word !== "").join(" ") || disk.bus;
  const content = disk.content.join(", ") || t("disks.empty");
  const why = whyNot(disk, t);
  return [name, disk.serial, disk.bus, sizeInWords(disk.size), why ?? content];
}

function whyAsked(wizard: Wizard, width: number, surface: ReturnType<typeof useSurface>, t: Translate): Line[] {
  const why = questionsOn(wizard, "disks")[0]?.why;
  return [EMPTY, ...(why === undefined ? [] : paragraph(t("disks.why", { why }), width, surface, "quiet", 1)), EMPTY];
}

/** Nobody reads more of a reason; the rest is in the details. */
const LONGEST_REASON = 4;

/** The disk under the pointer: before and after, or why it cannot be used, in full. */
function about(
  disk: Disk,
  wizard: Wizard,
  width: number,
  surface: ReturnType<typeof useSurface>,
  t: Translate,
): Line[] {
  const why = whyNot(disk, t);
  const label = Math.max(t("disks.before").length, t("disks.after").length) + 3;
  const bar = (name: string, text: string): Line => [span(` ${name}`.padEnd(label)), span(text)];
  const { preview } = wizard;
  const rows: Line[] = [
    EMPTY,
    bar(t("disks.before"), diskPicture(partsNow(disk, t("disks.free")), width - label, surface)),
  ];
  const view = { width, height: LONGEST_REASON };
  if (why !== null) return [...rows, ...rowsThatFit(paragraph(why, width, surface, "warning", 1), view, surface)];
  if (preview?.id !== disk.id) return [...rows, bar(t("disks.after"), "")];
  const said = healthInWords(preview.health, t);
  const tone = preview.health.passed === false ? ("bad" as const) : ("quiet" as const);
  const health = said === null ? [] : [[span(" ".repeat(label)), span(clean(said, surface.letters), tone)]];
  return preview.refused === null
    ? [
        ...rows,
        bar(t("disks.after"), diskPicture(partsAfter(preview.after, preview.sectorSize), width - label, surface)),
        ...health,
      ]
    : [...rows, line(""), ...paragraph(preview.refused, width, surface, "bad", 1), ...health];
}

/** Null where the disk says nothing of its health. */
export function healthInWords({ passed, temperature, hours }: DiskHealth, t: Translate): string | null {
  const parts = [
    ...(passed === null ? [] : [t(passed ? "disks.health.passed" : "disks.health.failing")]),
    ...(temperature === null ? [] : [`${temperature} °C`]),
    ...(hours === null ? [] : [t("disks.health.hours", { hours })]),
  ];
  return parts.length === 0 ? null : parts.join(", ");
}

export const disks: Screen = {
  title: (_, t) => t("disks.title"),
  hints: (wizard, t) => [
    MOVE(t),
    ...(wantedDisks(wizard).most === 1 ? [] : [{ key: "Space", does: t("key.mark") }]),
    { key: "Enter", does: t(wantedDisks(wizard).most === 1 ? "key.choose" : "key.enter") },
    { key: "d", does: t("key.details") },
    BACK(t),
  ],
  help: (t) => [t("disks.help")],
  Component: DisksScreen,
};
