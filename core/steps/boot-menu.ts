// Puts rEFInd, its icons and our menu on the EFI partition.
import { renderMenu, renderRefindConf } from "../boot/refind-conf.ts";
import type { Evidence, StepData } from "../plan/step.ts";
import { type Action, run, type StepKind } from "./action.ts";
import { contentDirectory } from "./boot-files.ts";
import { espPlaces } from "./places.ts";

type Data = Extract<StepData, { kind: "boot-menu" }>;

/** EFI/BOOT is where firmware looks without an entry of its own; EFI/refind is what our entry names. */
const PLACES = [
  { directory: "EFI/refind", loader: "refind_x64.efi" },
  { directory: "EFI/BOOT", loader: "BOOTX64.EFI" },
] as const;

function fill(esp: string, menu: string, timeout: number, { sources }: Evidence): Action[] {
  return [
    ...PLACES.flatMap(({ directory, loader }): Action[] => [
      run("mkdir", "-p", `${esp}/${directory}`),
      // rEFInd falls to text mode without its icons.
      run("cp", "-r", `${sources.refind}/icons`, `${esp}/${directory}/`),
      { do: "write", path: `${esp}/${directory}/multiverse.conf`, content: menu, mode: "0600" },
      { do: "write", path: `${esp}/${directory}/refind.conf`, content: renderRefindConf({ timeout }), mode: "0600" },
      // The loader last: before it the disk does not start, and does not look as if it could.
      run("cp", `${sources.refind}/refind_x64.efi`, `${esp}/${directory}/${loader}`),
    ]),
    run("sync", "--file-system", esp),
  ];
}

export const bootMenu: StepKind<Data> = {
  kind: "boot-menu",
  actions({ boot, timeout, entries, esps }, evidence) {
    const files = contentDirectory(boot, evidence);
    const menu = renderMenu(
      entries.map(({ title, options }) => ({
        ...{ title, options, icon: "/EFI/refind/icons/os_debian.png" },
        ...{ loader: `${files}/vmlinuz`, initrd: `${files}/initrd` },
      })),
    );
    return [...espPlaces(esps).flatMap((esp) => fill(esp, menu, timeout, evidence))];
  },
};
