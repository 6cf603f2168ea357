// What is known now, part by part, with the JSON of each value made once: what the socket tells is copied from here.
import type { PartName, Parts, ValueOf } from "./snapshot.ts";

const nothing = { at: null, value: null, failure: null, live: false };

/** Nothing is known yet. snapshot.ts's keys in their order: that module loads zod, which the daemon does not; the types hold both together. */
const emptyParts = (): Parts => ({
  ...{ host: nothing, network: nothing, endpoints: nothing, controllers: nothing, pools: nothing, disks: nothing },
  ...{ sensors: nothing, load: nothing, units: nothing, update: nothing, unfinished: nothing, control: nothing },
});
export const PART_NAMES = Object.keys(emptyParts()) as readonly PartName[];

/** The longest JSON of one value, bytes: a screen reads all parts of a snapshot as one line. */
export const MOST_BYTES = 2 * 1024 * 1024;

/** value: there is a new one. state: failure or live is another. again: only `at` is. */
export type Change = "value" | "state" | "again";

export type BoardListener = (name: PartName, change: Change) => void;

export interface Board {
  part<Name extends PartName>(name: Name): Parts[Name];
  /** The JSON of a part's value. Shared: not to be written to. */
  bytes(name: PartName): Buffer;
  /** A value was read at `at`. Throws when its JSON is longer than a part may be. */
  read<Name extends PartName>(name: Name, at: number, value: ValueOf<Name>): void;
  /** The last attempt brought nothing: the value stays what it was. */
  failed(name: PartName, failure: string): void;
  live(name: PartName, live: boolean): void;
  /** Returns what ends it. */
  listen(listener: BoardListener): () => void;
}

const NULL = Buffer.from("null");

export function makeBoard(): Board {
  const parts = emptyParts();
  const json = new Map<PartName, Buffer>();
  const listeners = new Set<BoardListener>();
  const bytes = (name: PartName) => json.get(name) ?? NULL;
  const put = <Name extends PartName>(name: Name, part: Parts[Name], change: Change) => {
    parts[name] = part;
    for (const listener of listeners) listener(name, change);
  };
  return {
    part: (name) => parts[name],
    bytes,
    read(name, at, value) {
      const made = Buffer.from(JSON.stringify(value) ?? "null");
      if (made.length > MOST_BYTES) throw new Error(`it is longer (${made.length} bytes) than can be told`);
      const old = parts[name];
      const same = old.at !== null && made.equals(bytes(name));
      if (!same) json.set(name, made);
      put(name, { ...old, at, failure: null, value }, !same ? "value" : old.failure === null ? "again" : "state");
    },
    failed(name, failure) {
      const old = parts[name];
      if (old.failure !== failure) put(name, { ...old, failure }, "state");
    },
    live(name, live) {
      const old = parts[name];
      if (old.live !== live) put(name, { ...old, live }, "state");
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
