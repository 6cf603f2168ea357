// rEFInd's configuration: what its tokeniser would make of what we write.
import { describe, expect, test } from "vitest";
import { renderMenu, renderRefindConf } from "../../core/boot/refind-conf.ts";

const entry = {
  title: "jupiter",
  loader: "/EFI/m/vmlinuz",
  initrd: "/EFI/m/initrd",
  options: "boot=multiverse root=ZFS=1/j/os/g2@auto",
};

describe("a menu entry", () => {
  test("options are one quoted token, with quotes doubled", () => {
    expect(renderMenu([{ ...entry, options: 'a="x y"' }])).toContain('    options "a=""x y"""\n');
  });

  test("what is not ASCII becomes a question mark, because rEFInd reads nothing else", () => {
    expect(renderMenu([{ ...entry, title: "jüpiter" }])).toContain('menuentry "j?piter" {');
  });

  test("the closing brace is alone on its line and the loader comes before the options it would reset", () => {
    const lines = renderMenu([entry])
      .split("\n")
      .map((line) => line.trim());
    expect(lines).toContain("}");
    expect(lines.findIndex((line) => line.startsWith("loader"))).toBeLessThan(
      lines.findIndex((line) => line.startsWith("options")),
    );
    expect(lines.filter((line) => line.startsWith("initrd"))).toHaveLength(1);
  });
});

test("the main file includes ours and keeps our kernels out of rEFInd's own search", () => {
  const conf = renderRefindConf({ timeout: 5 });
  expect(conf).toContain("\ninclude multiverse.conf\n");
  expect(conf).toContain("\nscan_all_linux_kernels false\n");
  expect(conf).toContain("\ntimeout 5\n");
});
