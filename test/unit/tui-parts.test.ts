// What keys do to the parts of the screen, and the rows that come of it.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Key, KeyName } from "../../tui/keys/key.ts";
import { type Line, widthOf } from "../../tui/line.ts";
import { type Choice, choiceLine, choicesKey, choicesState } from "../../tui/parts/choices.ts";
import { confirmKey, confirmRows, matchName } from "../../tui/parts/confirm-by-name.ts";
import { FOLLOWING, LogRing, type LogView, logKey, logRows } from "../../tui/parts/log-tail.ts";
import { modalRows, modalWidth } from "../../tui/parts/Modal.tsx";
import { quantityProblemInWords, quantityText, readQuantity, stepQuantity } from "../../tui/parts/quantity.ts";
import { type TreeNode, treeKey, treeLine, treeRows, treeState } from "../../tui/parts/tree.ts";
import { makeSurface } from "../../tui/theme/surface.ts";
import { anyText } from "../screens/hostile.ts";

const ASCII = makeSurface({ columns: 80, rows: 24, glyphSet: "ascii" });
const UTF8 = makeSurface({ columns: 80, rows: 24, glyphSet: "utf8" });
const READER = makeSurface({ columns: 80, rows: 24, glyphSet: "ascii", reader: true });
const textOf = (each: Line | undefined) => (each ?? []).map(({ text }) => text).join("");
const press = (name: KeyName): Key => ({ name, text: "" });
const letter = (text: string): Key => ({ name: "text", text });
const anyKey: fc.Arbitrary<Key> = fc.oneof(
  fc.constantFrom<KeyName>("up", "down", "left", "right", "home", "end", "page-up", "page-down", "enter").map(press),
  fc.constantFrom(" ", "a", "w", "x").map(letter),
);

describe("a tree", () => {
  const TREE: TreeNode[] = [
    {
      id: "sda",
      label: "sda",
      children: [
        { id: "sda1", label: "EFI" },
        { id: "sda2", label: "pool", children: [{ id: "tank", label: "tank" }] },
      ],
    },
    { id: "sdb", label: "sdb" },
  ];
  const ids = (open: string[]) => treeRows(TREE, new Set(open)).map(({ node }) => node.id);

  test("shows what is open; an open node under a closed one stays hidden", () => {
    expect(ids([])).toEqual(["sda", "sdb"]);
    expect(ids(["sda2"])).toEqual(["sda", "sdb"]);
    expect(ids(["sda", "sda2"])).toEqual(["sda", "sda1", "sda2", "tank", "sdb"]);
  });

  test("right opens and goes in, left closes and goes out", () => {
    let state = treeState();
    const go = (key: Key) => {
      state = treeKey(TREE, state, key, 10) ?? state;
      return treeRows(TREE, state.open)[state.scroll.selected]?.node.id;
    };
    expect(go(press("left"))).toBe("sda");
    expect([...state.open]).toEqual([]);
    expect(go(press("right"))).toBe("sda");
    expect(go(press("right"))).toBe("sda1");
    expect(go(press("right"))).toBe("sda1");
    expect(go(press("down"))).toBe("sda2");
    expect(go(letter(" "))).toBe("sda2");
    expect(go(press("right"))).toBe("tank");
    expect(go(press("left"))).toBe("sda2");
    expect(go(press("left"))).toBe("sda2");
    expect(go(press("left"))).toBe("sda");
    expect(treeKey(TREE, state, letter("x"), 10)).toBeNull();
    expect(treeKey([], treeState(), press("right"), 10)).toBeNull();
  });

  test("rows are marked without colour, and in words for a reader", () => {
    const words = { open: "open", closed: "closed" };
    const rows = treeRows(TREE, new Set(["sda"]));
    expect(rows.map((row) => textOf(treeLine(row, words, ASCII)))).toEqual(["- sda", "    EFI", "  + pool", "  sdb"]);
    expect(rows.map((row) => textOf(treeLine(row, words, READER)))).toEqual([
      "sda, open",
      "EFI",
      "pool, closed",
      "sdb",
    ]);
  });

  test("whatever is pressed, a row that exists is selected", () => {
    fc.assert(
      fc.property(fc.array(anyKey, { maxLength: 50 }), fc.integer({ min: 1, max: 4 }), (keys, height) => {
        let state = treeState();
        for (const key of keys) state = treeKey(TREE, state, key, height) ?? state;
        expect(treeRows(TREE, state.open)[state.scroll.selected]).toBeDefined();
      }),
    );
  });
});

describe("a log", () => {
  const look = { width: 20, height: 4, below: (count: number) => `${count} more` };
  const filled = (count: number, capacity = 100) => {
    const log = new LogRing(capacity);
    for (let at = 1; at <= count; at += 1) log.add(`line ${at}\n`);
    return log;
  };
  const shown = (log: LogRing, view: LogView) => logRows(log, view, look, ASCII).map(textOf);

  test("keeps the newest lines and counts all", () => {
    const log = filled(1000, 10);
    expect(log.lines).toHaveLength(10);
    expect(log.lines[0]).toBe("line 991");
    expect(log.total).toBe(1000);
  });

  test("follows the end", () => {
    expect(shown(filled(2), FOLLOWING)).toEqual(["line 1", "line 2", "", ""]);
    expect(shown(filled(9), FOLLOWING)).toEqual(["line 6", "line 7", "line 8", "line 9"]);
  });

  test("stays where one reads, says what is below, and follows again at the end", () => {
    const log = filled(9);
    let view = logKey(FOLLOWING, press("up"), log, 4) ?? FOLLOWING;
    expect(shown(log, view)).toEqual(["line 6", "line 7", "line 8", "v 1 more"]);
    log.add("line 10\nline 11\n");
    expect(shown(log, view)).toEqual(["line 6", "line 7", "line 8", "v 3 more"]);
    view = logKey(view, press("page-down"), log, 4) ?? view;
    expect(view.bottom).toBeNull();
    view = logKey(view, press("home"), log, 4) ?? view;
    expect(shown(log, view)[0]).toBe("line 2");
    view = logKey(view, press("up"), log, 4) ?? view;
    view = logKey(view, press("end"), log, 4) ?? view;
    expect(shown(log, view)[3]).toBe("line 11");
  });

  test("lines that were dropped under a reader give way to the oldest that are kept", () => {
    const log = filled(20, 10);
    const view = logKey(FOLLOWING, press("home"), log, 4) ?? FOLLOWING;
    for (let at = 21; at <= 400; at += 1) log.add(`line ${at}\n`);
    expect(shown(log, view)).toEqual(["line 392", "line 393", "line 394", "v 6 more"]);
  });

  test("wide lines are cut with a mark, moved sideways, or wrapped", () => {
    const log = new LogRing();
    log.add(`${"abcdefghij".repeat(3)}\n`);
    expect(shown(log, FOLLOWING)[0]).toBe("abcdefghijabcdefghi~");
    const right = logKey(FOLLOWING, press("right"), log, 4) ?? FOLLOWING;
    expect(shown(log, right)[0]).toBe("<abcdefghijabcdefgh~");
    const wrapped = logKey(right, letter("w"), log, 4) ?? right;
    expect(shown(log, wrapped).slice(0, 2)).toEqual(["abcdefghijabcdefghij", "abcdefghij"]);
  });

  test("colours, tabs and meters of programs do not reach the screen", () => {
    const log = new LogRing();
    log.add("\u001b[1;31mError\u001b[0m\tx\u001b]0;title\u0007!\r\n 10%\r 50%\r100%\n");
    expect(shown(log, FOLLOWING).slice(0, 2)).toEqual(["Error    x!", "100%"]);
  });

  test("a line that comes in pieces is one line", () => {
    const log = new LogRing();
    for (const piece of ["copy", "ing 10%\r", "copying 90%", "\r\nso", "me", "\n\nlast"]) log.write(piece);
    expect(shown(log, FOLLOWING)).toEqual(["copying 90%", "some", "", "last"]);
    expect(log.total).toBe(4);
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("a", "b\n", "\n", "c\rd", "\r\n"), { maxLength: 12 }),
        fc.nat(20),
        (parts, cut) => {
          const text = parts.join("");
          const [whole, pieces] = [new LogRing(), new LogRing()];
          whole.write(text);
          pieces.write(text.slice(0, cut));
          pieces.write(text.slice(cut));
          expect(shown(pieces, FOLLOWING)).toEqual(shown(whole, FOLLOWING));
        },
      ),
    );
  });

  test("any text and any keys leave rows that fit", () => {
    fc.assert(
      fc.property(
        fc.array(anyText, { maxLength: 12 }),
        fc.array(anyKey, { maxLength: 20 }),
        fc.integer({ min: 2, max: 50 }),
        fc.integer({ min: 1, max: 9 }),
        (texts, keys, width, height) => {
          const log = new LogRing(5);
          let view = FOLLOWING;
          for (const text of texts) log.add(text);
          for (const key of keys) view = logKey(view, key, log, height) ?? view;
          const rows = logRows(log, view, { ...look, width, height }, ASCII);
          expect(rows).toHaveLength(height);
          for (const row of rows) expect(widthOf(row)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});

describe("a choice", () => {
  const CHOICES: Choice[] = [
    { value: "usb", label: "USB", unusable: "not built yet" },
    { value: "a", label: "Disk A", note: "931 GiB" },
    { value: "b", label: "Disk B" },
  ];
  const words = { chosen: "chosen", notChosen: "not chosen" };

  test("of several: Space marks, a marks all that can be chosen and none", () => {
    let state = choicesState(CHOICES, []);
    expect(state.scroll.selected).toBe(1);
    const go = (key: Key) => {
      state = choicesKey(CHOICES, state, key, 5, true) ?? state;
      return [...state.marked];
    };
    expect(go(letter(" "))).toEqual(["a"]);
    expect(go(press("up"))).toEqual(["a"]);
    expect(state.scroll.selected).toBe(1);
    expect(go(letter("a"))).toEqual(["a", "b"]);
    expect(go(letter("a"))).toEqual([]);
    expect(choicesKey(CHOICES, state, letter("z"), 5, true)).toBeNull();
  });

  test("of one: what is selected holds, and never what cannot be chosen", () => {
    let state = choicesState(CHOICES, ["b"]);
    for (const key of [press("up"), press("up"), press("home"), letter(" "), letter("a")]) {
      state = choicesKey(CHOICES, state, key, 5, false) ?? state;
    }
    expect([...state.marked]).toEqual(["a"]);
  });

  test("where nothing can be chosen, nothing is", () => {
    const none = CHOICES.slice(0, 1);
    const state = choicesState(none, []);
    expect(choicesKey(none, state, letter(" "), 5, true)).toBeNull();
    expect([...(choicesKey(none, state, press("down"), 5, false)?.marked ?? [])]).toEqual([]);
  });

  test("marks are told from each other without colour, and said to a reader", () => {
    const rows = (surface: typeof ASCII) =>
      CHOICES.map((choice) => textOf(choiceLine(choice, choice.value === "a", true, words, surface)));
    expect(rows(ASCII)).toEqual(["    USB  not built yet", "[x] Disk A  931 GiB", "[-] Disk B"]);
    const { boxOn, boxOff } = UTF8.glyphs;
    expect(rows(UTF8)).toEqual(["  USB  not built yet", `${boxOn} Disk A  931 GiB`, `${boxOff} Disk B`]);
    expect(rows(READER)).toEqual(["USB, not built yet", "Disk A, chosen", "Disk B, not chosen"]);
  });
});

describe("a quantity", () => {
  const units = [
    { name: "B", size: 1 },
    { name: "MiB", size: 2 ** 20 },
    { name: "GiB", size: 2 ** 30 },
    { name: "TiB", size: 2 ** 40 },
  ];
  const rules = { units, min: 2 ** 20, max: 4 * 2 ** 40 };

  test.each([
    ["", "empty"],
    ["  ", "empty"],
    ["GiB", "no-number"],
    ["-1 GiB", "no-number"],
    ["1,5 GiB", "no-number"],
    ["1e3 GiB", "no-number"],
    ["2", "no-unit"],
    ["2 GB", "unknown-unit"],
    ["2 GiB x", "no-number"],
    ["1.0000001 MiB", "not-whole"],
    ["12 B", "too-small"],
    ["0 GiB", "too-small"],
    ["5 TiB", "too-large"],
    ["99999999999999999999 TiB", "too-large"],
  ])("%j: %s", (text, kind) => {
    expect(readQuantity(text, rules)).toMatchObject({ kind });
  });

  test.each([
    ["2 GiB", 2 ** 31, "2 GiB"],
    ["2gib", 2 ** 31, "2 GiB"],
    [" 1.5  TiB ", 1.5 * 2 ** 40, "1.5 TiB"],
    ["0.5 GiB", 2 ** 29, "0.5 GiB"],
    ["007 MiB", 7 * 2 ** 20, "7 MiB"],
  ])("%j is %i", (text, value, written) => {
    expect(readQuantity(text, rules)).toEqual({ value, text: written });
  });

  test("each problem has its words, with the limit as one would type it", () => {
    const words = {
      empty: "empty",
      noNumber: "no number",
      noUnit: (list: string) => `one of ${list}`,
      unknownUnit: (unit: string, list: string) => `${unit} is none of ${list}`,
      notWhole: "not whole",
      tooSmall: (least: string) => `at least ${least}`,
      tooLarge: (most: string) => `at most ${most}`,
    };
    const said = (text: string) => {
      const read = readQuantity(text, rules);
      return "kind" in read ? quantityProblemInWords(read, rules, words) : "fine";
    };
    expect(["", "x", "1", "1 GB", "1 B", "9 TiB", "0.00000001 MiB", "1 GiB"].map(said)).toEqual([
      ...["empty", "no number", "one of B, MiB, GiB, TiB", "GB is none of B, MiB, GiB, TiB"],
      ...["at least 1 MiB", "at most 4 TiB", "not whole", "fine"],
    ]);
  });

  test("steps by one of its unit, into the smaller unit below one, and stops at the limits", () => {
    expect(stepQuantity("2 GiB", 1, rules)).toBe("3 GiB");
    expect(stepQuantity("2 GiB", -1, rules)).toBe("1 GiB");
    expect(stepQuantity("1 GiB", -1, rules)).toBe("512 MiB");
    expect(stepQuantity("1.5 GiB", 1, rules)).toBe("2 GiB");
    expect(stepQuantity("1.5 GiB", -1, rules)).toBe("1 GiB");
    expect(stepQuantity("1 MiB", -1, rules)).toBe("1 MiB");
    expect(stepQuantity("4 TiB", 1, rules)).toBe("4 TiB");
    expect(stepQuantity("nonsense", 1, rules)).toBe("nonsense");
    expect(quantityText(0, units)).toBe("0 B");
  });

  test("from anywhere, steps lead to something right", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.constantFrom("MiB", "GiB", "TiB"),
        fc.constantFrom<1 | -1>(1, -1),
        (count, unit, by) => {
          const after = stepQuantity(`${count} ${unit}`, by, rules);
          expect(readQuantity(after, rules)).toHaveProperty("value");
        },
      ),
    );
  });
});

describe("confirming by name", () => {
  const words = {
    ask: "Type the name:",
    matching: (count: number, length: number) => `${count} of ${length}`,
    wrong: "not this letter",
    ready: "Enter erases it",
  };
  const typed = (name: string, keys: readonly Key[]) =>
    keys.reduce((text, key) => confirmKey(text, name, key) ?? text, "");

  test.each(["", "jupite", "jupiter ", " jupiter", "Jupiter", "jupiter\n", "jupiterx", "jupıter"])(
    "%j is not jupiter",
    (text) => {
      expect(matchName("jupiter", text).exact).toBe(false);
    },
  );

  test("an empty name is never confirmed", () => {
    expect(matchName("", "").exact).toBe(false);
  });

  test("the first wrong letter is marked, and stays wrong until it is taken away", () => {
    expect(matchName("jupiter", "jupiter")).toEqual({ matching: 7, wrongAt: null, length: 7, exact: true });
    expect(matchName("jupiter", "juxiter")).toEqual({ matching: 2, wrongAt: 2, length: 7, exact: false });
    const rows = (text: string) => confirmRows("jupiter", text, words, { width: 40, focused: true }, ASCII).map(textOf);
    expect(rows("")).toEqual(["Type the name:", "  jupiter", ">  ", ""]);
    expect(rows("jup")[3]).toBe("3 of 7");
    expect(rows("juxi").slice(2)).toEqual(["> juxi ", "    ^ not this letter"]);
    expect(rows("jupiter")[3]).toBe("Enter erases it");
  });

  test("what is typed is kept to little more than the name, and can be taken back", () => {
    expect(typed("ab", [..."a".repeat(500)].map(letter)).length).toBeLessThan(15);
    expect(typed("ab", [letter("x"), press("backspace"), press("backspace"), letter("a"), letter("b")])).toBe("ab");
    expect(typed("ab", [letter("x"), { name: "ctrl", text: "u" }, letter("a")])).toBe("a");
    expect(confirmKey("a", "ab", press("enter"))).toBeNull();
  });

  test("exactly the name confirms, whatever the name is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 60 }), (name) => {
        expect(matchName(name, typed(name, [...name].map(letter))).exact).toBe(true);
      }),
    );
  });

  test("any name and any typing leave four rows that fit", () => {
    fc.assert(
      fc.property(anyText, anyText, fc.integer({ min: 6, max: 80 }), (name, text, width) => {
        const rows = confirmRows(name, text, words, { width, focused: true }, ASCII);
        expect(rows).toHaveLength(4);
        for (const row of rows) expect(widthOf(row)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe("a modal", () => {
  const room = (width: number, height: number) => ({ width, height });

  test("is a box in the middle, or the whole page where there is little room", () => {
    const rows = modalRows(room(80, 21), "Leave?", [[{ text: "Really?" }]], modalWidth(room(80, 21), 20), ASCII).map(
      textOf,
    );
    expect(rows.filter((row) => row !== "")).toEqual([
      `${" ".repeat(28)}+- Leave? -------------+`,
      `${" ".repeat(28)}|                      |`,
      `${" ".repeat(28)}| Really?              |`,
      `${" ".repeat(28)}|                      |`,
      `${" ".repeat(28)}+----------------------+`,
    ]);
    expect(rows.findIndex((row) => row !== "")).toBe(8);
    expect(
      modalRows(room(40, 9), "Leave?", [[{ text: "Really?" }]], 38, ASCII)
        .map(textOf)
        .slice(0, 2),
    ).toEqual([" Leave?", " Really?"]);
  });

  test("has exactly the rows of its room", () => {
    fc.assert(
      fc.property(
        anyText,
        fc.array(anyText, { maxLength: 90 }),
        fc.integer({ min: 1, max: 240 }),
        fc.integer({ min: 1, max: 67 }),
        (title, texts, width, height) => {
          const inner = modalWidth(room(width, height));
          const rows = modalRows(
            room(width, height),
            title,
            texts.map(() => [{ text: "x" }]),
            inner,
            ASCII,
          );
          expect(rows).toHaveLength(height);
        },
      ),
    );
  });
});
