// A second medium as the source: what the probe finds, what a plan makes of it, which others will do.
import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import type { MachineFile } from "../../core/inventory/record.ts";
import { hashOf, makePlan } from "../../core/plan/make-plan.ts";
import { renderText } from "../../core/plan/render.ts";
import { sourcesFor, withSource } from "../../core/plan/sources.ts";
import { sourceFor } from "../../core/resume.ts";
import { resolveSpec } from "../../core/spec/resolve.ts";
import { classifySource, sourceDevice } from "../../core/spec/source-uri.ts";
import { actionsOf } from "../../core/steps/kinds.ts";
import { renderScript } from "../../core/steps/script.ts";
import { inventoryOf, machineFile } from "./recorded-machine.ts";
import {
  SAMPLE_MEDIUM,
  sampleDisk,
  sampleInventory,
  sampleMedium,
  sampleMediumPlan,
  samplePlan,
  sampleSpec,
} from "./sample-host.ts";
import { COMPLETE, loadText, refusal } from "./spec-text.ts";

const LSBLK = "lsblk -J -b -O";
const UDEV = "udevadm info --export-db";
const MANIFEST = machineFile("qemu-blank-disk").outputs["cat /run/multiverse/live/medium/manifest.json"]?.stdout ?? "";
const PARTUUID = "/dev/disk/by-partuuid/0000013a-1111-4222-8333-000000000002";
const BY_ID = "/dev/disk/by-id/usb-Kingston_DataTraveler_3.0_0014780EA2B6-0:0-part2";

/** The recorded stick as a second medium: not mounted, with the link that udev gives a partition of a GPT disk. */
function secondStick(outputs: MachineFile["outputs"], manifest = MANIFEST): void {
  const lsblk = outputs[LSBLK];
  const udev = outputs[UDEV];
  if (lsblk === undefined || udev === undefined) throw new Error("the recording lacks an answer");
  lsblk.stdout = lsblk.stdout.replaceAll('"/run/multiverse/live/medium"', "null");
  const link = "S: disk/by-partlabel/multiverse-live\n";
  udev.stdout = udev.stdout.replace(link, `${link}S: ${PARTUUID.slice(5)}\n`);
  outputs["unsquashfs -cat /dev/sdc2 manifest.json"] = { stdout: manifest, stderr: "", exit: 0 };
}

describe("the probe", () => {
  test("finds nothing where nobody was asked: older recordings, the running medium", async () => {
    for (const name of ["qemu-blank-disk", "several-disks", "rescue-guest", "rescue-guest-used-disks"] as const) {
      expect((await inventoryOf(name)).media, name).toEqual([]);
    }
    const unanswered = await inventoryOf("several-disks", (outputs) => {
      secondStick(outputs);
      delete outputs["unsquashfs -cat /dev/sdc2 manifest.json"];
    });
    expect(unanswered).toMatchObject({ media: [], notes: [] });
  });

  test.each([
    ["{", "it is not JSON"],
    [JSON.stringify({ version: 2 }), "version"],
    [MANIFEST.replace('"host.squashfs"', '"../../etc"'), "host.path"],
  ])("notes a stick of ours whose manifest is none: %s", async (manifest, why) => {
    const { media, notes } = await inventoryOf("several-disks", (outputs) => secondStick(outputs, manifest));
    expect(media).toEqual([]);
    expect(notes).toEqual([expect.stringMatching(`^${PARTUUID}: its manifest cannot be used: .*${why}`)]);
  });

  test("finds the second stick by the name that stays, with the paths it gets", async () => {
    const { media, notes } = await inventoryOf("several-disks", secondStick);
    expect(notes).toEqual([]);
    expect(media).toMatchObject([
      {
        ...{ device: PARTUUID, aliases: [PARTUUID, BY_ID], disk: "sdc" },
        name: expect.stringContaining("DataTraveler 3.0"),
        manifestSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        live: {
          host: { path: "/run/multiverse/source/host", treeBytes: "1184266240" },
          program: { path: "/run/multiverse/source/program" },
          kernel: { vmlinuz: "/run/multiverse/source/medium/vmlinuz" },
          refind: "/run/multiverse/source/medium/refind",
        },
      },
    ]);
  });

  test("still finds it while an install has it mounted, and keeps its disk from becoming a target", async () => {
    const { media, disks } = await inventoryOf("several-disks", (outputs) => {
      secondStick(outputs);
      const lsblk = outputs[LSBLK];
      if (lsblk === undefined) throw new Error("the recording lacks an answer");
      const devices = JSON.parse(lsblk.stdout) as {
        blockdevices: { children?: { kname: string; mountpoints: string[] }[] }[];
      };
      for (const part of devices.blockdevices.flatMap(({ children }) => children ?? []))
        if (part.kname === "sdc2") part.mountpoints = ["/run/multiverse/source/medium"];
      lsblk.stdout = JSON.stringify(devices);
    });
    expect(media.map(({ device }) => device)).toEqual([PARTUUID]);
    expect(disks.find(({ kname }) => kname === "sdc")?.unusable).toContain("an install copies from it");
  });

  test("finds both in a real rescue system that runs from memory: a second stick, and the medium it was started from", async () => {
    const { media, live, disks } = await inventoryOf("rescue-guest-second-stick");
    expect(media.map(({ device, disk }) => [device.replace(/[0-9a-f-]{36}$/, "…"), disk])).toEqual([
      ["/dev/disk/by-partuuid/…", "sda"],
      ["/dev/disk/by-id/virtio-multiverse-live", "vda"],
    ]);
    for (const medium of media) expect(medium.live.host.sha256).toBe(live?.host.sha256);
    expect(disks.find(({ kname }) => kname === "vda")?.unusable).toEqual(["live medium", "read-only"]);
  });

  test("names copies of one image by their sticks: their GUIDs lead to either", async () => {
    const { media } = await inventoryOf("several-disks", (outputs) => {
      secondStick(outputs);
      const udev = outputs[UDEV];
      if (udev !== undefined)
        udev.stdout += `\nP: /devices/other/sdz2\nN: sdz2\nS: ${PARTUUID.slice(5)}\nS: disk/by-id/usb-Other-0:0-part2\n`;
    });
    expect(media.map(({ device }) => device)).toEqual([BY_ID]);
  });
});

describe("the URI", () => {
  test.each([
    ["live:", null],
    [`live:${PARTUUID}`, PARTUUID],
    [`live:${PARTUUID.toUpperCase().replace("/DEV/DISK/BY-PARTUUID", "/dev/disk/by-partuuid")}`, PARTUUID],
    [`live:${BY_ID}`, BY_ID],
  ])("%s", async (uri, device) => {
    expect(classifySource(uri)).toBe("live");
    expect(sourceDevice(uri)).toBe(device);
    const inventory = await inventoryOf("qemu-blank-disk");
    const resolved = resolveSpec(await loadText(`${COMPLETE}source: "${uri}"\n`), inventory);
    expect(resolved.source).toEqual({ uri: `live:${device ?? ""}`, device });
    expect(resolveSpec(await loadText(`${COMPLETE}source: {uri: "${uri}"}\n`), inventory).source.device).toBe(device);
  });
});

describe("a plan", () => {
  const named = { source: { uri: `live:${SAMPLE_MEDIUM}`, device: SAMPLE_MEDIUM } };

  test("for a medium that is not there is refused with those that are", async () => {
    const other = sampleMedium({ device: "/dev/disk/by-id/usb-Other", aliases: ["/dev/disk/by-id/usb-Other"] });
    const error = await refusal(() => samplePlan(named, { media: [other] }));
    expect(error).toMatchObject({ code: "source-not-found", exit: 4 });
    expect(error.evidence).toEqual([expect.stringContaining("live:/dev/disk/by-id/usb-Other  Kingston X")]);
    expect((await refusal(() => samplePlan(named))).evidence).toEqual(["no other Multiverse medium is plugged in"]);
  });

  test("that would erase its own source is refused", async () => {
    const attempt = () => samplePlan(named, { disks: [sampleDisk({ kname: "sdb" })], media: [sampleMedium()] });
    expect(await refusal(attempt)).toMatchObject({ code: "source-is-target", exit: 4 });
  });

  test("takes kernel, initramfs and rEFInd from the medium, too; without being the rescue system", () => {
    const { evidence } = samplePlan(named, { media: [sampleMedium()], live: null });
    expect(evidence).toMatchObject({
      kernel: { vmlinuz: "/run/multiverse/source/medium/vmlinuz" },
      sources: { host: "/run/multiverse/source/host", refind: "/run/multiverse/source/medium/refind" },
    });
    expect(evidence.sources.medium).toEqual({
      device: SAMPLE_MEDIUM,
      name: "Kingston X, 29 GiB",
      manifestSha256: "ee",
    });
  });

  test("is the same plan from whichever source, and says which", () => {
    const fromMedium = sampleMediumPlan();
    expect(fromMedium.hash).toBe(samplePlan().hash);
    expect(renderText(fromMedium)).toContain(`COPIED FROM       ${SAMPLE_MEDIUM}  (Kingston X, 29 GiB)`);
    expect(renderText(samplePlan())).toContain("COPIED FROM       the system that runs");
  });

  test("reads the medium and never writes to it, and lets go of it lazily", () => {
    const plan = sampleMediumPlan();
    const naming = plan.steps.flatMap((step) =>
      (["actions", "redo", "restore", "release"] as const).flatMap((phase) =>
        actionsOf(step, phase, plan.evidence).filter((action) => JSON.stringify(action).includes(SAMPLE_MEDIUM)),
      ),
    );
    for (const action of naming) {
      if (action.do !== "wait")
        expect(action).toMatchObject({ do: "run", argv: expect.arrayContaining(["mount", "ro,nosuid,nodev,noexec"]) });
    }
    expect(naming.length).toBeGreaterThan(0);
    const attach = plan.steps.find(({ id }) => id === "attach-source");
    if (attach === undefined) throw new Error("no step attaches the source");
    const released = actionsOf(attach, "release", plan.evidence);
    expect(released.map((action) => (action.do === "run" ? action.argv.join(" ") : ""))).toEqual([
      "umount --lazy /run/multiverse/source/program",
      "umount --lazy /run/multiverse/source/host",
      "umount --lazy /run/multiverse/source/medium",
    ]);
    expect(plan.steps.indexOf(attach)).toBeLessThan(plan.steps.findIndex(({ risk }) => risk === "erases"));
  });
});

test("the exported script does the same: a shell accepts it, and lets go of the medium", () => {
  const script = renderScript(sampleMediumPlan());
  execFileSync("sh", ["-n"], { input: script });
  const found = spawnSync("shellcheck", ["--severity=warning", "--exclude=SC2034", "-"], {
    ...{ input: script, encoding: "utf8" as const },
  });
  expect(found.stdout).toBe("");
  expect(script).toContain(`await ${SAMPLE_MEDIUM} 30`);
  expect(script.match(/umount --lazy \/run\/multiverse\/source\/medium/g)?.length).toBeGreaterThanOrEqual(3);
});

describe("another source", () => {
  const inventory = sampleInventory({ media: [sampleMedium()] });

  test("is one with the very same image, the present one first", () => {
    expect(sourcesFor(samplePlan(), inventory).map(({ uri, current }) => [uri, current])).toEqual([
      ["live:", true],
      [`live:${SAMPLE_MEDIUM}`, false],
    ]);
    expect(sourcesFor(sampleMediumPlan(), inventory).map(({ uri, current }) => [uri, current])).toEqual([
      [`live:${SAMPLE_MEDIUM}`, true],
      ["live:", false],
    ]);
    const { live } = sampleMedium();
    for (const other of [
      { ...live, host: { ...live.host, sha256: "00" } },
      { ...live, kernel: { ...live.kernel, initrdSha256: "00" } },
    ]) {
      const media = [sampleMedium({ live: other })];
      expect(sourcesFor(samplePlan(), sampleInventory({ media })).map(({ uri }) => uri)).toEqual(["live:"]);
    }
  });

  test("changes the evidence and not the hash", () => {
    const plan = samplePlan();
    const [, other] = sourcesFor(plan, inventory);
    if (other === undefined) throw new Error("the stick is missing");
    const moved = withSource(plan, other);
    expect(moved.hash).toBe(plan.hash);
    expect(hashOf(moved)).toBe(plan.hash);
    expect(moved.evidence).toMatchObject({
      release: plan.evidence.release,
      sources: { medium: { device: SAMPLE_MEDIUM } },
    });
  });

  test("with another image is refused, and a medium that is gone is told with those that will do", async () => {
    const { live } = sampleMedium();
    const newer = sampleMedium({ live: { ...live, host: { ...live.host, sha256: "00" } } });
    const plan = sampleMediumPlan();
    const changed = await refusal(() => sourceFor(plan, SAMPLE_MEDIUM, sampleInventory({ media: [newer] })));
    expect(changed).toMatchObject({ code: "source-changed", exit: 4 });
    const gone = await refusal(() => sourceFor(plan, SAMPLE_MEDIUM, sampleInventory()));
    expect(gone).toMatchObject({
      code: "source-not-found",
      exit: 4,
      evidence: ["live:  the system that runs: has the same image"],
    });
    expect(await refusal(() => sourceFor(samplePlan(), null, sampleInventory({ live: null })))).toMatchObject({
      ...{ code: "source-changed", exit: 4 },
    });
  });

  test("is found under the name that the spec used, too", () => {
    const [, alias = ""] = sampleMedium().aliases;
    const plan = makePlan(sampleSpec({ source: { uri: `live:${alias}`, device: alias } }), inventory, {
      now: 1,
      saveTo: "/s",
    });
    expect(plan.evidence.sources.medium?.device).toBe(SAMPLE_MEDIUM);
  });
});
