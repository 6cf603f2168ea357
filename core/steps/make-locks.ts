// Makes and opens LUKS2 containers; the passphrase goes by standard input.
import { lockDevice } from "../plan/device-paths.ts";
import type { LockRef, StepData } from "../plan/step.ts";
import { type Action, type StepKind, tidy } from "./action.ts";

type Data = Extract<StepData, { kind: "make-locks" }>;

/** Argon2id takes seconds on purpose, and minutes on a slow machine. */
const SECONDS = 900;

/** From standard input, when it is no terminal, cryptsetup(8) reads up to the first line break. */
const withPassphrase = (...argv: [string, ...string[]]): Action => ({
  ...{ do: "run", argv, secret: "passphrase", seconds: SECONDS },
});

/**
 * Discards go through, and the container remembers that: a root on flash stays fast, and which blocks are free can be
 * seen from outside, as with encrypted ZFS.
 */
const open = ({ name, device }: LockRef): Action[] => [
  withPassphrase("cryptsetup", "open", "--type", "luks2", "--allow-discards", "--persistent", device, name),
];

export const closeLocks = (locks: readonly LockRef[]): Action[] =>
  [...locks].reverse().map(({ name }) => tidy("cryptsetup", "close", name));

export const openLocks = (locks: readonly LockRef[]): Action[] => [...closeLocks(locks), ...locks.flatMap(open)];

export const lockPaths = (locks: readonly LockRef[]): string[] => locks.map(({ name }) => lockDevice(name));

export const makeLocks: StepKind<Data> = {
  kind: "make-locks",
  actions: ({ locks }) =>
    locks.flatMap((lock) => [
      withPassphrase("cryptsetup", "luksFormat", "--batch-mode", "--type", "luks2", "--uuid", lock.uuid, lock.device),
      ...open(lock),
    ]),
  redo: ({ locks }) => closeLocks(locks),
  restore: ({ locks }) => openLocks(locks),
  release: ({ locks }) => closeLocks(locks),
};
