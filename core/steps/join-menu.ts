// Adds one entry to the boot menu of an EFI partition that is joined; where no menu of ours is, rEFInd comes with it.
import { type MenuEntry, renderMenu, renderRefindConf, withEntry } from "../boot/refind-conf.ts";
import { sha256 } from "../plan/derive.ts";
import type { Evidence, JoinedMenu, MenuBefore, StepData } from "../plan/step.ts";
import { type Action, type Otherwise, run, type StepKind, tidy } from "./action.ts";
import { contentDirectory } from "./boot-files.ts";
import { mountEsp } from "./join-esp.ts";
import { ESP, espPlace } from "./places.ts";

type Data = Extract<StepData, { kind: "join-menu" }>;

const CHANGED: Otherwise = {
  code: "menu-changed",
  message: "The boot menu is not the one that the plan was made with.",
  hint: "It was not written. Make the plan again: `multiverse install --undo`, then install anew.",
};

function entryOf({ boot, entry }: Data, evidence: Evidence, folder: string): MenuEntry {
  const files = contentDirectory(boot, evidence);
  return {
    ...{ ...entry, icon: `${folder}/icons/os_debian.png` },
    ...{ loader: `${files}/vmlinuz`, initrd: `${files}/initrd` },
  };
}

/** A menu lies in rEFInd's folder, beside its icons. */
const folderOf = ({ path }: MenuBefore): string => path.slice(0, path.lastIndexOf("/"));

const textAfter = (data: Data, evidence: Evidence, menu: MenuBefore): string =>
  withEntry(menu.text, entryOf(data, evidence, folderOf(menu)));

/** Only a menu that is as it was, or that has our entry already, is written. */
function setMenu(data: Data, evidence: Evidence, esp: string, menu: MenuBefore, text: string): Action[] {
  const path = `${esp}${menu.path}`;
  const known = [menu.text, textAfter(data, evidence, menu)].map((each) => `${sha256(each)}  ${path}`);
  return [
    { do: "check", argv: ["sha256sum", path], expect: { oneOf: known }, otherwise: CHANGED },
    { do: "write", path, content: text, mode: "0600" },
  ];
}

function addLoaders(data: Data, evidence: Evidence, esp: string, { loaders, kept }: JoinedMenu): Action[] {
  const { refind } = evidence.sources;
  // What firmware finds by itself in EFI/BOOT is another system's, unless ours is there.
  const hidden = loaders.some(({ folder }) => folder === "/EFI/BOOT") ? ["EFI/BOOT"] : [];
  const before: MenuEntry[] = kept === undefined ? [] : [{ title: "What this disk started before", loader: kept.as }];
  return loaders.flatMap(({ folder, file }): Action[] => [
    run("mkdir", "-p", `${esp}${folder}`),
    run("cp", "-r", `${refind}/icons`, `${esp}${folder}/`),
    ...write(`${esp}${folder}/multiverse.conf`, renderMenu([entryOf(data, evidence, folder), ...before])),
    ...write(`${esp}${folder}/refind.conf`, renderRefindConf({ timeout: data.timeout, hidden })),
    ...(kept?.path === `${folder}/${file}` ? keep(esp, kept) : []),
    // The loader last, and whole or not at all.
    run("cp", `${refind}/refind_x64.efi`, `${esp}${folder}/${file}.new`),
    run("sync", `${esp}${folder}/${file}.new`),
    run("mv", `${esp}${folder}/${file}.new`, `${esp}${folder}/${file}`),
  ]);
}

const write = (path: string, content: string): Action[] => [{ do: "write", path, content, mode: "0600" }];

/** A copy of another system's loader that is there is its own, from before ours came. */
function keep(esp: string, { path, as }: { path: string; as: string }): Action[] {
  return [
    run("cp", `${esp}${path}`, `${esp}${as}.new`),
    run("sync", `${esp}${as}.new`),
    run("mv", "--no-clobber", `${esp}${as}.new`, `${esp}${as}`),
    tidy("rm", `${esp}${as}.new`),
    run("sync", "--file-system", esp),
  ];
}

/** The ESP as it was before this step. */
function putBack(data: Data, evidence: Evidence, esp: string, { menus, loaders, kept }: JoinedMenu): Action[] {
  const foreign = kept === undefined ? [] : [tidy("mv", `${esp}${kept.as}`, `${esp}${kept.path}`)];
  return [
    ...menus.flatMap((menu) => setMenu(data, evidence, esp, menu, menu.text)),
    ...foreign,
    ...loaders.flatMap(({ folder, file }) =>
      kept?.path === `${folder}/${file}`
        ? [tidy("rm", "-r", ...["icons", "multiverse.conf", "refind.conf"].map((name) => `${esp}${folder}/${name}`))]
        : [tidy("rm", "-r", `${esp}${folder}`)],
    ),
    run("sync", "--file-system", esp),
  ];
}

export const joinMenu: StepKind<Data> = {
  kind: "join-menu",
  actions: (data, evidence) =>
    data.esps.flatMap((menu, index): Action[] => {
      const esp = espPlace((data.place ?? 1) + index);
      return [
        ...menu.menus.flatMap((before) => setMenu(data, evidence, esp, before, textAfter(data, evidence, before))),
        ...addLoaders(data, evidence, esp, menu),
        run("sync", "--file-system", esp),
      ];
    }),
  undo: (data, evidence) =>
    data.esps.flatMap((menu) => [
      tidy("umount", ESP),
      ...mountEsp(menu.partuuid, ESP),
      ...putBack(data, evidence, ESP, menu),
      run("umount", ESP),
    ]),
};
