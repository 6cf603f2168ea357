// Values and their age on the screen, by a clock of our own; a source that hangs holds nothing up.
import { Text } from "ink";
import { type ReactNode, useState } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ageInWords } from "../../tui/data/age-in-words.ts";
import { type Known, pollSource } from "../../tui/data/data-source.ts";
import { useSource } from "../../tui/data/use-source.ts";
import { useKeys } from "../../tui/keys/KeyRouter.tsx";
import { renderApp } from "./terminal.tsx";

// Faking setTimeout would hang Ink's writer.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"], now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A reader whose answers the test gives, one by one. */
function asked<Value>() {
  const open: { signal: AbortSignal; answer: (value: Value) => void; fail: (error: Error) => void }[] = [];
  const read = (signal: AbortSignal) =>
    new Promise<Value>((answer, fail) => {
      open.push({ signal, answer, fail });
    });
  return { open, read };
}

const hung = (seconds: number) => `no answer for ${seconds} s`;
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("a source", () => {
  test("reads at once and then in its rhythm, never twice at the same time", async () => {
    const { open, read } = asked<number>();
    const told: Known<number>[] = [];
    const source = pollSource({ read, every: 1000, hung });
    source.start((known) => told.push(known));
    await turn();
    vi.advanceTimersByTime(3000);
    await turn();
    expect(open).toHaveLength(1);
    open[0]?.answer(7);
    await turn();
    expect(told).toEqual([{ reading: { value: 7, at: 1_003_000 }, failure: null }]);
    vi.advanceTimersByTime(1000);
    await turn();
    expect(open).toHaveLength(2);
    source.stop();
  });

  test("a read that hangs is given up, said, and begun anew; its late answer is not used", async () => {
    const { open, read } = asked<number>();
    const told: Known<number>[] = [];
    const source = pollSource({ read, every: 1000, patience: 3000, hung });
    source.start((known) => told.push(known));
    await turn();
    vi.advanceTimersByTime(3000);
    await turn();
    expect(open.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    expect(told).toEqual([{ reading: null, failure: "no answer for 3 s" }]);
    open[1]?.answer(2);
    await turn();
    open[0]?.answer(1);
    await turn();
    expect(told.at(-1)?.reading?.value).toBe(2);
    expect(told).toHaveLength(2);
    source.stop();
  });

  test("a failure keeps the last value; a reader that throws at once is a failure too", async () => {
    let count = 0;
    const told: Known<number>[] = [];
    const source = pollSource<number>({
      read: () => {
        count += 1;
        if (count > 1) throw new Error("socket is gone");
        return Promise.resolve(1);
      },
      every: 1000,
      hung,
    });
    source.start((known) => told.push(known));
    await turn();
    vi.advanceTimersByTime(1000);
    await turn();
    expect(told.at(-1)).toEqual({ reading: { value: 1, at: 1_000_000 }, failure: "socket is gone" });
    source.stop();
  });

  test("after the stop nothing is told, and it can be started again", async () => {
    const { open, read } = asked<number>();
    const told: unknown[] = [];
    const source = pollSource({ read, every: 1000, hung });
    source.start((known) => told.push(known));
    await turn();
    expect(() => source.start(() => {})).toThrow("running already");
    source.stop();
    expect(open[0]?.signal.aborted).toBe(true);
    open[0]?.answer(1);
    vi.advanceTimersByTime(9000);
    await turn();
    expect(told).toEqual([]);
    source.start((known) => told.push(known));
    await turn();
    open[1]?.answer(2);
    await turn();
    expect(told).toHaveLength(1);
    source.stop();
  });
});

const { open: openReads, read: readDisks } = asked<string>();
const disks = pollSource({ read: readDisks, every: 5000, hung });

function Disks(): ReactNode {
  const { value, age, failure } = useSource(disks);
  const [keys, setKeys] = useState("");
  useKeys("screen", (key) => {
    setKeys(keys + key.text);
    return true;
  });
  return <Text>{`${value ?? "not known yet"} ${age === null ? "" : ageInWords(age)} ${failure ?? ""} ${keys}`}</Text>;
}

test("on the screen a value grows old, and keys are heard while its source hangs", async () => {
  const app = await renderApp(<Disks />, { columns: 60, rows: 12 });
  const row = () => app.frame()[0]?.trimEnd().replace(/ +/g, " ");
  await app.type("a");
  expect(row()).toBe("not known yet a");
  openReads[0]?.answer("2 disks");
  await app.settle();
  expect(row()).toBe("2 disks 0 s a");
  vi.advanceTimersByTime(65_000);
  await app.settle();
  expect(row()).toBe("2 disks 1 min no answer for 50 s a");
  await app.type("b");
  expect(row()).toMatch(/ ab$/);
  await app.unmount();
  expect(openReads.at(-1)?.signal.aborted).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test.each([
  [-5, "0 s"],
  [0, "0 s"],
  [59.9, "59 s"],
  [60, "1 min"],
  [3599, "59 min"],
  [3600, "1 h"],
  [86_399, "23 h"],
  [86_400, "1 d"],
  [8_640_000, "100 d"],
])("%d seconds are %s", (seconds, words) => {
  expect(ageInWords(seconds)).toBe(words);
});
