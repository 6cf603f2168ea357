// The screens that ask: disks, storage, source, identity, network, values.
import { OPEN, WHOLE } from "../specs.ts";
import { HOSTILE, MANY_DISKS, NO_DISK, NO_SOURCE, NONE_USABLE, TOO_SMALL, TWO_MEDIA } from "./machines.ts";
import { type DemoState, press, stateOf, type } from "./state.ts";

const NAMES = `${WHOLE}network:
  lan0: { addresses: [192.168.1.10/24, "fd00::10/64"], gateway: 192.168.1.1, dns: [192.168.1.1, 192.168.1.2] }
`;

/** A spec on whose disk nothing is decided, with a root that a screen of a small disk can refuse. */
const NO_DISK_SAID = OPEN.disks ?? "";

const MIRROR_ON_NOTHING = NO_DISK_SAID.replace("pool: saturn", "pool: saturn, layout: mirror");

const changing = { changing: true, back: ["review" as const] };

async function diskStates(): Promise<DemoState[]> {
  const text = NO_DISK_SAID;
  return Promise.all([
    stateOf("disks", "choice"),
    stateOf("disks", "second", { keys: press("down") }),
    stateOf("disks", "cannot-be-used", { keys: press("down", "down") }),
    stateOf("disks", "too-small", { text, machine: TOO_SMALL, keys: press("up") }),
    stateOf("disks", "none-usable", { text, machine: NONE_USABLE }),
    stateOf("disks", "none", { text, machine: NO_DISK }),
    stateOf("disks", "five-hundred", { text, machine: MANY_DISKS, keys: press("page-down") }),
    stateOf("disks", "hostile", { text, machine: HOSTILE, keys: press("down") }),
    stateOf("disks", "several", { text: MIRROR_ON_NOTHING, keys: [type(" "), ...press("down")] }),
    stateOf("disks", "several-marked", { text: MIRROR_ON_NOTHING, keys: [type(" "), ...press("down"), type(" ")] }),
    stateOf("disks", "details", { keys: [type("d")] }),
    stateOf("disks", "details-scrolled", { keys: [type("d"), ...press("page-down")] }),
    stateOf("disks", "details-hostile", { text, machine: HOSTILE, keys: [type("d")] }),
  ]);
}

async function storageStates(): Promise<DemoState[]> {
  const errors = [type("short"), ...press("tab"), type("other"), ...press("tab", "tab", "enter")];
  const decided = { text: WHOLE, more: { secrets: { passphrase: null, recovery: null } } };
  return Promise.all([
    stateOf("storage", "choice"),
    stateOf("storage", "passphrases", { keys: press("enter") }),
    stateOf("storage", "passphrases-wrong", { keys: [...press("enter"), ...errors] }),
    stateOf("storage", "passphrases-only", decided),
    stateOf("storage", "from-the-review", { text: WHOLE, more: changing }),
  ]);
}

async function identityStates(): Promise<DemoState[]> {
  const enter = press("enter", "enter", "enter", "enter", "enter");
  return Promise.all([
    stateOf("identity", "empty"),
    stateOf("identity", "wrong", { keys: [type("Jupiter_1"), ...press("tab"), type("Ada"), ...enter] }),
    stateOf("identity", "filled", {
      keys: [
        ...[type("jupiter.example.net"), ...press("tab"), type("ada"), ...press("tab"), type("analytical")],
        ...[...press("tab"), type("analytical"), ...press("tab")],
      ],
    }),
    stateOf("identity", "from-the-review", { text: WHOLE, more: changing }),
  ]);
}

export async function askingStates(): Promise<DemoState[]> {
  const open = { timezone: '{ ask: "the machine may stand anywhere" }', pool: '{ ask: "pools of a rack differ" }' };
  const several = WHOLE.replace("Europe/Berlin", open.timezone).replace("pool: saturn", `pool: ${open.pool}`);
  const all = [
    ...[diskStates(), storageStates(), identityStates()],
    Promise.all([
      stateOf("source", "one-medium", { more: changing }),
      stateOf("source", "two-media", { machine: TWO_MEDIA, more: changing, keys: press("right") }),
      stateOf("source", "wrong-package", {
        more: changing,
        keys: [...press("tab", "tab"), type("vim Htop"), ...press("enter")],
      }),
      stateOf("source", "none", { machine: NO_SOURCE, more: changing }),
      stateOf("network", "dhcp", { more: changing }),
      stateOf("network", "fixed", { text: NAMES, more: changing }),
      stateOf("network", "fixed-without-address", {
        more: changing,
        keys: press("right", "tab", "tab", "tab", "enter"),
      }),
      stateOf("network", "wifi", { more: changing, keys: [{ ctrl: "w" }] }),
      stateOf("network", "wifi-passphrase", {
        more: changing,
        keys: [{ ctrl: "w" }, ...press("enter"), type("short")],
      }),
      stateOf("network", "hostile", { machine: { ...HOSTILE, disks: TWO_MEDIA.disks }, more: changing }),
      stateOf("values", "one"),
      stateOf("values", "several", { text: several }),
      stateOf("values", "empty-refused", { keys: press("enter") }),
    ]),
  ];
  return (await Promise.all(all)).flat();
}
