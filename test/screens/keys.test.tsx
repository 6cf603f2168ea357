// Keys reach the part they belong to, in order, each at the frame that the former made: however many come in one chunk.
import fc from "fast-check";
import { Text } from "ink";
import { type ReactNode, useState } from "react";
import { expect, test } from "vitest";
import { useKeys } from "../../tui/keys/KeyRouter.tsx";
import { Rows } from "../../tui/parts/Rows.tsx";
import { inputLine, textInput, typeKey } from "../../tui/parts/text-input.ts";
import { useSurface } from "../../tui/shell/SurfaceContext.tsx";
import { renderApp } from "./terminal.tsx";

/** Two fields, one after the other, and what was sent with Enter. Each field mounts anew: the hardest case for the router. */
function TwoFields({ onSubmit }: { onSubmit: (values: string[]) => void }): ReactNode {
  const [at, setAt] = useState(0);
  const [values, setValues] = useState(["", ""]);
  const put = (value: string) => setValues(values.map((each, index) => (index === at ? value : each)));
  useKeys("screen", (key) => {
    if (key.name === "tab") setAt((at + 1) % 2);
    else if (key.name === "enter") onSubmit(values);
    else return false;
    return true;
  });
  return <Field key={at} value={values[at] ?? ""} onChange={put} />;
}

function Field({ value, onChange }: { value: string; onChange: (value: string) => void }): ReactNode {
  const surface = useSurface();
  const [input, setInput] = useState(() => textInput(value));
  useKeys("field", (key) => {
    const next = typeKey(input, key);
    if (next === null) return false;
    setInput(next);
    onChange(next.text);
    return true;
  });
  return <Rows rows={[inputLine(input, { width: 30, focused: true }, surface)]} width={30} />;
}

test("one chunk goes to two fields and is sent with the right values", async () => {
  const sent: string[][] = [];
  const app = await renderApp(<TwoFields onSubmit={(values) => sent.push(values)} />, { columns: 40, rows: 12 });
  await app.paste("abc\tdef\r");
  expect(sent).toEqual([["abc", "def"]]);
  expect(app.frame()[0]).toMatch(/^def /);
  await app.unmount();
});

test.each([1, 49, 50, 51, 500])("a paste of %i letters arrives whole", async (count) => {
  const text = Array.from({ length: count }, (_, at) => "abcdefghij"[at % 10]).join("");
  const sent: string[][] = [];
  const app = await renderApp(<TwoFields onSubmit={(values) => sent.push(values)} />, { columns: 40, rows: 12 });
  await app.paste(`${text}\r`);
  expect(sent).toEqual([[text, ""]]);
  await app.unmount();
});

test("keys in the middle of a chunk are keys", async () => {
  const sent: string[][] = [];
  const app = await renderApp(<TwoFields onSubmit={(values) => sent.push(values)} />, { columns: 40, rows: 12 });
  await app.paste("wrong\u0015rigt\u001b[Dh\tsecond\u007f\u007f\r\n");
  expect(sent).toEqual([["right", "seco"]]);
  await app.unmount();
});

test("however keys are cut into chunks, the same comes of them", async () => {
  const keys = ["a", "b", "漢", "\t", "\u007f", "\u001b[D", "\u001b[C", "\u001b[1~", "\u0015", "\u0017", " ", "\r"];
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...keys), { maxLength: 40 }),
      fc.infiniteStream(fc.nat(9)),
      async (pressed, cuts) => {
        const ends: string[][][] = [];
        const frames: string[][] = [];
        const chunks: string[] = [];
        for (const key of pressed) {
          if (chunks.length === 0 || cuts.next().value === 0) chunks.push("");
          chunks.push((chunks.pop() ?? "") + key);
        }
        for (const way of [pressed, [pressed.join("")], chunks]) {
          const sent: string[][] = [];
          const app = await renderApp(<TwoFields onSubmit={(values) => sent.push(values)} />, {
            columns: 40,
            rows: 12,
          });
          for (const chunk of way) if (chunk !== "") await app.paste(chunk);
          frames.push(app.frame());
          ends.push(sent);
          await app.unmount();
        }
        expect(ends[1]).toEqual(ends[0]);
        expect(ends[2]).toEqual(ends[0]);
        expect(frames[1]).toEqual(frames[0]);
        expect(frames[2]).toEqual(frames[0]);
      },
    ),
    { numRuns: 25 },
  );
});

function Heard({ heard }: { heard: string[] }): ReactNode {
  useKeys("screen", (key) => {
    heard.push(key.text === "" ? key.name : `${key.name} ${key.text}`);
    return true;
  });
  return <Text>.</Text>;
}

test("every key is named, and none is lost where two come together", async () => {
  const heard: string[] = [];
  const app = await renderApp(<Heard heard={heard} />);
  await app.press("up", "down", "left", "right", "home", "end", "page-up", "page-down", "delete", "backspace");
  await app.press("tab", "back-tab", "enter", "escape", "ctrl-l", "ctrl-]");
  expect(heard.splice(0)).toEqual([
    ...["up", "down", "left", "right", "home", "end", "page-up", "page-down", "delete", "backspace"],
    ...["tab", "back-tab", "enter", "escape", "ctrl l", "ctrl ]"],
  ]);
  // A slow machine delivers Escape and the next key as one: that is no Alt key here.
  await app.paste("\u001bq");
  await app.paste("\u001b\u001b");
  await app.paste("\u001b\r");
  expect(heard.splice(0)).toEqual(["escape", "text q", "escape", "escape", "escape", "enter"]);
  await app.type("ä漢😀?");
  expect(heard.splice(0)).toEqual(["text ä", "text 漢", "text 😀", "text ?"]);
  // Function keys and a terminal's answers mean nothing.
  await app.paste("\u001b[[A\u001b[24~\u001b[12;40R\u001b[?62;1;6c");
  expect(heard).toEqual([]);
  await app.unmount();
});

function Layers({ heard, modal }: { heard: string[]; modal: boolean }): ReactNode {
  const [open, setOpen] = useState(false);
  const hear = (name: string, takes: boolean) => () => {
    heard.push(name);
    return takes;
  };
  useKeys("shell", hear("shell", true));
  useKeys("screen", (key) => {
    heard.push("screen");
    if (key.text !== "o") return false;
    setOpen(true);
    return true;
  });
  return open ? <Inner hear={hear} modal={modal} /> : <Text>closed</Text>;
}

function Inner({ hear, modal }: { hear: (name: string, takes: boolean) => () => boolean; modal: boolean }): ReactNode {
  useKeys(modal ? "modal" : "screen", hear("inner", false));
  return <Text>open</Text>;
}

test("what stands deeper hears first, also when it came later", async () => {
  const heard: string[] = [];
  const app = await renderApp(<Layers heard={heard} modal={false} />);
  await app.paste("xox");
  expect(heard).toEqual(["screen", "shell", "screen", "inner", "screen", "shell"]);
  await app.unmount();
});

test("under a modal nobody hears", async () => {
  const heard: string[] = [];
  const app = await renderApp(<Layers heard={heard} modal />);
  await app.paste("oxyz");
  expect(heard).toEqual(["screen", "inner", "inner", "inner"]);
  await app.unmount();
});
