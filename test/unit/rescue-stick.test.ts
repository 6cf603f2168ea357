import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { renderMenu, uuidFor } from "../../rescue/usb-image.ts";

const template = readFileSync(new URL("../../rescue/refind.conf", import.meta.url), "utf8");

test("every entry of the stick's menu names the stick's own live partition", () => {
  const menu = renderMenu(template, "11111111-2222-8333-8444-555555555555");
  const options = menu.split("\n").filter((line) => /^\s*options /.test(line));
  expect(options.length).toBeGreaterThan(1);
  for (const line of options) expect(line).toContain(" multiverse.live=PARTUUID=11111111-2222-8333-8444-555555555555 ");
  expect(menu).not.toContain("@");
});

test("a menu that names no partition is refused", () => {
  expect(() => renderMenu("timeout 5\n", "x")).toThrow(/no @LIVE_UUID@/);
});

test("partitions have GUIDs of their own, always the same for one image", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      const all = [0, 1, 2, 3].map((n) => uuidFor(one, n));
      expect(new Set(all).size).toBe(4);
      for (const uuid of all) expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(uuidFor(one, 2) === uuidFor(other, 2)).toBe(one === other);
    }),
  );
});
