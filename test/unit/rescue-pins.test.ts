// What happens when the archive has moved on from the kernel that the images are pinned to.
import { expect, test } from "vitest";
import type { Archive } from "../../rescue/archive.ts";
import { checkPins, newestPins, type Pins } from "../../rescue/pins.ts";

const pins: Pins = {
  ...{ version: 1, suite: "trixie", debian: "13", kernel: "linux-image-6.12.1+deb13-amd64" },
  ...{ "kernel-version": "6.12.1-1", zfs: "2.3.9-0+deb13u1" },
};

/** An archive that has these packages, newest version first. */
function archive(has: Record<string, string[]>): Archive {
  return { names: () => Object.keys(has), versions: (name) => has[name] ?? [], download: () => Promise.resolve() };
}

test("what is gone is named, with what there is instead and what to do", () => {
  const moved = archive({ "linux-image-6.12.9+deb13-amd64": ["6.12.9-1"], "zfs-dkms": ["2.3.10-1"] });
  expect(() => checkPins(pins, moved)).toThrow(
    expect.objectContaining({
      ...{ code: "pin-gone", exit: 4, hint: expect.stringContaining("--repin") },
      evidence: [
        "linux-image-6.12.1+deb13-amd64 6.12.1-1 is gone; there is: linux-image-6.12.9+deb13-amd64",
        "zfs-dkms 2.3.9-0+deb13u1 is gone; there is: 2.3.10-1",
      ],
    }),
  );
});

test("the newest is by number, not by letter, and no cloud or real-time kernel", () => {
  const names = ["6.12.9+deb13-amd64", "6.12.10+deb13-amd64", "6.12.11+deb13-cloud-amd64", "6.12.12+deb13-rt-amd64"];
  const has = Object.fromEntries(names.map((name) => [`linux-image-${name}`, [`${name.split("+")[0]}-1`]]));
  expect(newestPins(pins, archive({ ...has, "zfs-dkms": ["2.3.10-1"] }))).toEqual({
    ...pins,
    ...{ kernel: "linux-image-6.12.10+deb13-amd64", "kernel-version": "6.12.10-1", zfs: "2.3.10-1" },
  });
});

test("what is still there is not refused", () => {
  checkPins(pins, archive({ [pins.kernel]: ["6.12.2-1", "6.12.1-1"], "zfs-dkms": [pins.zfs] }));
});
