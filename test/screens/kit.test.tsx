// Everything in the kit on real terminals of five sizes: frames are whole, cuts are marked, and no text can break them.
import { Box } from "ink";
import { type ReactNode, useState } from "react";
import { describe, expect, test } from "vitest";
import { useKeys } from "../../tui/keys/KeyRouter.tsx";
import { type Line, line, paragraph, span } from "../../tui/line.ts";
import { MultiSelect, RadioSelect } from "../../tui/parts/Choices.tsx";
import { ConfirmByName } from "../../tui/parts/ConfirmByName.tsx";
import { LogTail } from "../../tui/parts/LogTail.tsx";
import { listRows } from "../../tui/parts/list-rows.ts";
import { LogRing } from "../../tui/parts/log-tail.ts";
import { Modal } from "../../tui/parts/Modal.tsx";
import { panel } from "../../tui/parts/panel.ts";
import { progressBar } from "../../tui/parts/progress.ts";
import { QuantityField } from "../../tui/parts/QuantityField.tsx";
import { Rows } from "../../tui/parts/Rows.tsx";
import { clampScroll, moveScroll, START } from "../../tui/parts/scroll.ts";
import { Tree } from "../../tui/parts/Tree.tsx";
import { layTable, tableHead, tableRow } from "../../tui/parts/table.ts";
import { AppShell, type Room } from "../../tui/shell/AppShell.tsx";
import { useSurface } from "../../tui/shell/SurfaceContext.tsx";
import { clean } from "../../tui/text/clean.ts";
import { GLYPHS, type GlyphSet } from "../../tui/theme/glyphs.ts";
import { HOSTILE } from "./hostile.ts";
import { SIZES } from "./sizes.ts";
import { type RenderedApp, renderApp } from "./terminal.tsx";

const WORDS = { help: "help", close: "close", keys: "Keys on this screen" };
const MARKS = { chosen: "chosen", notChosen: "not chosen" };
const UNITS = [
  { name: "MiB", size: 2 ** 20 },
  { name: "GiB", size: 2 ** 30 },
];
const SAID = {
  empty: "a size is needed",
  noNumber: "begins with no number",
  noUnit: (units: string) => `a unit is missing: ${units}`,
  unknownUnit: (unit: string, units: string) => `${unit} is none of ${units}`,
  notWhole: "is no whole number of bytes",
  tooSmall: (least: string) => `at least ${least}`,
  tooLarge: (most: string) => `at most ${most}`,
};

function Screen({
  title = "Install",
  children,
  toast = null,
}: {
  title?: string;
  toast?: string | null;
  children: (room: Room) => ReactNode;
}): ReactNode {
  return (
    <AppShell
      title={title}
      aside="jupiter (new)"
      hints={[
        { key: "↑↓", does: "choose" },
        { key: "Enter", does: "use this one" },
      ]}
      help={["What this screen is for. ".repeat(20)]}
      toast={toast === null ? null : { text: toast, tone: "good" }}
      words={WORDS}
    >
      {children}
    </AppShell>
  );
}

function DiskList({ room, names }: { room: Room; names: readonly string[] }): ReactNode {
  const surface = useSurface();
  const [kept, setScroll] = useState(START);
  const cells = names.map((name, at) => [name, `${at} GiB`, name, name]);
  const table = layTable(
    [
      { title: "DISK" },
      { title: "SIZE", align: "right" },
      { title: "ON IT NOW", elastic: true },
      { title: "SERIAL", from: 60 },
    ],
    cells,
    room.width - 4,
    surface,
  );
  const height = room.height - 1;
  const scroll = clampScroll(kept, names.length, height);
  useKeys("screen", (key) => {
    const moved = moveScroll(scroll, key, names.length, height);
    if (moved !== null) setScroll(moved);
    return moved !== null;
  });
  const rows = listRows(
    {
      row: (at) => tableRow(table, cells[at] ?? [], surface),
      length: names.length,
      scroll,
      width: room.width,
      height,
      focused: true,
    },
    surface,
  );
  return <Rows rows={[[span("  "), ...tableHead(table, surface)], ...rows]} width={room.width} height={room.height} />;
}

/** Every part in one screen, each with text that nobody would choose. */
function Everything({ room, text }: { room: Room; text: string }): ReactNode {
  const surface = useSurface();
  const each = Math.max(1, Math.floor((room.height - 7) / 4));
  const log = new LogRing();
  for (const hostile of HOSTILE) log.write(hostile);
  const rows: Line[] = [progressBar(0.4, clean(text, surface.letters).slice(0, 20), room.width, surface)];
  return (
    <Box flexDirection="column" width={room.width} height={room.height} overflow="hidden">
      <Rows
        rows={panel(
          { title: text, rows: paragraph(text, room.width - 4, surface), width: room.width, height: each },
          surface,
        )}
        width={room.width}
      />
      <Tree
        nodes={[{ id: "a", label: text, children: [{ id: "b", label: text }] }]}
        open={["a"]}
        width={room.width}
        height={each}
        focused={false}
        words={{ open: "open", closed: "closed" }}
      />
      <MultiSelect
        choices={[
          { value: "x", label: text, note: text },
          { value: "y", label: text, unusable: text },
        ]}
        marked={["x"]}
        width={room.width}
        height={each}
        focused={false}
        words={MARKS}
        onChange={() => {}}
      />
      <LogTail log={log} width={room.width} height={each} focused={false} below={(count) => `${count} more`} />
      <QuantityField
        initial={text}
        rules={{ units: UNITS }}
        words={SAID}
        width={room.width}
        focused={false}
        onChange={() => {}}
      />
      <ConfirmByName
        name={text}
        words={{ ask: text, matching: () => text, wrong: text, ready: text }}
        width={room.width}
        onConfirm={() => {}}
      />
      <Rows rows={rows} width={room.width} />
    </Box>
  );
}

/** Down shows the next text, and the first one after the last. */
function OneAfterTheOther(): ReactNode {
  const [at, setAt] = useState(0);
  const text = HOSTILE[at] ?? "";
  useKeys("screen", (key) => {
    if (key.name === "down") setAt((at + 1) % HOSTILE.length);
    return key.name === "down";
  });
  return (
    <Screen title={`-${text}`} toast={text}>
      {(room) => <Everything key={at} room={room} text={text} />}
    </Screen>
  );
}

/** Title above, keys below, nothing run over: what holds for every frame. */
function whole(app: RenderedApp): void {
  expect(app.faults()).toEqual([]);
  const frame = app.frame();
  expect(frame).toHaveLength(app.rows);
  expect(frame[0]?.trim()).not.toBe("");
  expect(frame.at(-1)).toMatch(/\? help|Esc close/);
}

describe.each(SIZES)("$columns×$rows", ({ columns, rows }) => {
  const names = Array.from({ length: 100 }, (_, at) => `Samsung 990 PRO number ${at} with a long name`);

  test("a long table is whole, its end is reached, and the selection is always in view", async () => {
    const app = await renderApp(<Screen>{(room) => <DiskList room={room} names={names} />}</Screen>, { columns, rows });
    whole(app);
    expect(app.selectedRows()).toEqual([2]);
    // An empty row keeps the keys apart where there is room for one.
    expect(app.frame()[rows - (rows < 20 ? 2 : 3)]).toContain("↓");
    for (const key of ["page-down", "down", "end", "up"] as const) {
      await app.press(key);
      whole(app);
      expect(app.selectedRows()).toHaveLength(1);
      expect(app.frame()[app.selectedRows()[0] ?? 0]).toMatch(/^> /);
    }
    expect(app.selectedText()[0]).toContain("98 GiB");
    expect(app.frame()[2]).toContain("↑");
    if (columns < 80) expect(app.frame()[app.selectedRows()[0] ?? 0]).toContain("~");
    await app.unmount();
  });

  const sets = rows < 25 ? (Object.keys(GLYPHS) as GlyphSet[]) : (["utf8"] as const);
  test.each(sets)("no text breaks a frame of every part, %s", async (glyphSet) => {
    const app = await renderApp(<OneAfterTheOther />, { columns, rows, glyphSet });
    for (const text of HOSTILE) {
      whole(app);
      await app.paste(text.replaceAll("\u001b", "").slice(0, 4));
      whole(app);
      await app.press("down");
    }
    // What was drawn change by change is what would be drawn at once.
    const fresh = await renderApp(<OneAfterTheOther />, { columns, rows, glyphSet });
    expect(app.frame()).toEqual(fresh.frame());
    await app.unmount();
    await fresh.unmount();
  });

  test("help says every key, scrolls where it is longer than the screen, and closes", async () => {
    const app = await renderApp(<Screen>{(room) => <DiskList room={room} names={names} />}</Screen>, { columns, rows });
    await app.type("?");
    whole(app);
    expect(app.text()).toContain("What this screen is for.");
    await app.press("end");
    whole(app);
    expect(app.text()).toContain("use this one");
    await app.press("escape");
    expect(app.selectedRows()).toEqual([2]);
    await app.unmount();
  });

  test("a modal hears every key until it is closed", async () => {
    const log: string[] = [];
    const app = await renderApp(<Screen>{(room) => <Asking room={room} log={log} />}</Screen>, { columns, rows });
    await app.type("m");
    whole(app);
    expect(app.text()).toContain("Leave?");
    expect(app.text()).toContain("Really and truly?");
    await app.type("m?");
    await app.press("enter");
    await app.type("m");
    await app.press("escape");
    await app.type("n");
    expect(log).toEqual(["m", "enter", "m", "escape", "n"]);
    whole(app);
    await app.unmount();
  });
});

function Asking({ room, log }: { room: Room; log: string[] }): ReactNode {
  const [open, setOpen] = useState(false);
  useKeys("screen", (key) => {
    log.push(key.text);
    setOpen(key.text === "m");
    return true;
  });
  const close = (how: string) => () => {
    log.push(how);
    setOpen(false);
  };
  if (!open) return <Rows rows={[line("behind")]} width={room.width} height={room.height} />;
  return (
    <Modal
      room={room}
      title="Leave?"
      rows={() => [line("Really and truly?")]}
      onEnter={close("enter")}
      onEscape={close("escape")}
    />
  );
}

test("a live resize leaves a whole frame of the new size each time", async () => {
  const names = HOSTILE.map((name) => `disk ${name}`);
  const app = await renderApp(<Screen>{(room) => <DiskList room={room} names={names} />}</Screen>, {
    columns: 80,
    rows: 24,
  });
  for (const [columns, rows] of [
    [40, 12],
    [240, 67],
    [80, 25],
    [20, 6],
    [160, 50],
    [41, 13],
    [80, 24],
  ] as const) {
    await app.resize(columns, rows);
    expect(app.faults()).toEqual([]);
    expect(app.frame()[0]).toMatch(/^ Install/);
    if (columns >= 40) whole(app);
    await app.press("down");
    expect(app.selectedRows()).toHaveLength(1);
  }
  const fresh = await renderApp(<Screen>{(room) => <DiskList room={room} names={names} />}</Screen>, {
    columns: 80,
    rows: 24,
  });
  for (let at = 0; at < 7; at += 1) await fresh.press("down");
  expect(app.frame()).toEqual(fresh.frame());
  await app.unmount();
  await fresh.unmount();
});

test.each([
  [1, 1],
  [2, 2],
  [5, 3],
  [10, 4],
  [39, 11],
])("%i×%i is too small for anything, and nothing breaks", async (columns, rows) => {
  const app = await renderApp(<Screen>{(room) => <Everything room={room} text="Größe" />}</Screen>, { columns, rows });
  expect(app.faults()).toEqual([]);
  await app.press("down", "escape");
  await app.type("?x");
  expect(app.faults()).toEqual([]);
  await app.resize(80, 24);
  expect(app.faults()).toEqual([]);
  await app.unmount();
});

test("with no colour at all the selection, the marks and the cursor are still seen", async () => {
  const app = await renderApp(<Screen>{(room) => <Fields room={room} onDone={() => {}} />}</Screen>, {
    colours: 0,
    glyphSet: "ascii",
  });
  expect(
    app
      .cells()
      .flat()
      .filter(({ colour }) => colour >= 0),
  ).toEqual([]);
  expect(app.selectedText()).toEqual(["(*) ZFS, encrypted".padEnd(76)]);
  await app.press("tab");
  expect(app.selectedText()).toEqual([" "]);
  await app.unmount();
});

function Fields({ room, onDone }: { room: Room; onDone: (done: string) => void }): ReactNode {
  const [at, setAt] = useState(0);
  const [root, setRoot] = useState("zfs");
  const [extras, setExtras] = useState<string[]>([]);
  const [size, setSize] = useState("2 GiB");
  useKeys("screen", (key) => {
    if (key.name === "tab") setAt((at + 1) % 4);
    return key.name === "tab";
  });
  return (
    <Box flexDirection="column" width={room.width} height={room.height} overflow="hidden">
      <RadioSelect
        choices={[
          { value: "zfs", label: "ZFS, encrypted" },
          { value: "ext4", label: "ext4" },
        ]}
        chosen={root}
        onChange={setRoot}
        width={room.width}
        height={2}
        focused={at === 0}
        words={MARKS}
      />
      <QuantityField
        initial={size}
        rules={{ units: UNITS, max: 2 ** 34 }}
        words={SAID}
        width={room.width}
        focused={at === 1}
        onChange={(text, value) => setSize(value === null ? `wrong ${text}` : text)}
      />
      <MultiSelect
        choices={[
          { value: "ssh", label: "SSH" },
          { value: "wifi", label: "Wi-Fi", unusable: "no card" },
          { value: "kvm", label: "KVM" },
        ]}
        marked={extras}
        onChange={setExtras}
        width={room.width}
        height={3}
        focused={at === 2}
        words={MARKS}
      />
      <ConfirmByName
        name="jupiter"
        words={{
          ask: "Type the name of the host:",
          matching: (count, length) => `${count} of ${length}`,
          wrong: "not this letter",
          ready: "Enter goes on",
        }}
        width={room.width}
        focused={at === 3}
        onConfirm={() => onDone([root, size, ...extras].join(" "))}
      />
    </Box>
  );
}

test("fields, choices and the confirmation by name work together, from one paste", async () => {
  const done: string[] = [];
  const app = await renderApp(<Screen>{(room) => <Fields room={room} onDone={(all) => done.push(all)} />}</Screen>, {
    columns: 60,
    rows: 16,
  });
  // Down: ext4. Tab. Up, up, down: 3 GiB. Tab. SSH marked, past Wi-Fi to KVM. Tab. The name, wrong at first.
  await app.paste("\u001b[B\t\u001b[A\u001b[A\u001b[B\t \u001b[B \tjupitex\r");
  expect(done).toEqual([]);
  expect(app.text()).toContain("not this letter");
  await app.paste("\u007fr");
  expect(app.text()).toContain("Enter goes on");
  await app.press("enter");
  expect(done).toEqual(["ext4 3 GiB ssh kvm"]);
  whole(app);
  await app.unmount();
});

test("a size that is wrong is said to be, in words", async () => {
  const app = await renderApp(<Screen>{(room) => <Fields room={room} onDone={() => {}} />}</Screen>, {
    columns: 60,
    rows: 16,
  });
  await app.press("tab", "ctrl-u");
  expect(app.text()).toContain("a size is needed");
  await app.type("20 GB");
  expect(app.text()).toContain("GB is none of MiB, GiB");
  await app.press("backspace");
  await app.type("iB");
  expect(app.text()).toContain("at most 16 GiB");
  await app.unmount();
});

const watched = new LogRing();

function Watching({ room }: { room: Room }): ReactNode {
  const [, setTick] = useState(0);
  useKeys("shell", (key) => {
    if (key.text === "n") watched.add(`line ${watched.total + 1}`);
    setTick((tick) => tick + 1);
    return true;
  });
  return <LogTail log={watched} width={room.width} height={room.height} below={(count) => `${count} more lines`} />;
}

test("a log follows its end, stays where one reads, and says what is below", async () => {
  for (let at = 1; at <= 100; at += 1) watched.add(`line ${at}`);
  const app = await renderApp(<Screen>{(room) => <Watching room={room} />}</Screen>, { columns: 40, rows: 12 });
  await app.type("n");
  expect(app.frame()[10]).toMatch(/^line 101 /);
  await app.press("page-up");
  await app.type("nnn");
  expect(app.frame()[10]).toMatch(/^↓ 12 more lines/);
  await app.press("end");
  expect(app.frame()[10]).toMatch(/^line 104 /);
  await app.unmount();
});
