// The planner: refusals first, then what every plan must keep to.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LiveMedium } from "../../core/inventory/inventory.ts";
import { hashOf, makePlan } from "../../core/plan/make-plan.ts";
import { renderJson, renderText } from "../../core/plan/render.ts";
import { sameImage } from "../../core/plan/sources.ts";
import type { Plan, StepData } from "../../core/plan/step.ts";
import type { ResolvedSpec } from "../../core/spec/resolved.ts";
import { actionsOf, type Phase } from "../../core/steps/kinds.ts";
import { renderScript } from "../../core/steps/script.ts";
import {
  SAMPLE_KEY,
  SAMPLE_SET,
  sampleDisk,
  sampleHypervisorPlan,
  sampleInventory,
  samplePlan,
  sampleSpec,
} from "./sample-host.ts";

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

function data<Kind extends StepData["kind"]>(plan: Plan, kind: Kind): Extract<StepData, { kind: Kind }> {
  const step = plan.steps.find((each) => each.data.kind === kind);
  if (step === undefined) throw new Error(`no step ${kind}`);
  return step.data as Extract<StepData, { kind: Kind }>;
}

/** Every word of every action of a plan, for looking what it names. */
function wordsOf(plan: Plan): string[] {
  const phases: Phase[] = ["actions", "redo", "restore", "release"];
  return plan.steps.flatMap((step) =>
    phases.flatMap((phase) =>
      actionsOf(step, phase, plan.evidence).flatMap((action) => {
        if (action.do === "pipe") return action.stages.flat();
        return action.do === "write" || action.do === "wait" ? [action.path] : [...action.argv];
      }),
    ),
  );
}

describe("refusals", () => {
  test("a disk too small is refused with the arithmetic", () => {
    const small = sampleInventory({ disks: [sampleDisk({ size: 4 * GIB })] });
    const attempt = () => makePlan(sampleSpec(), small, { now: 1, saveTo: "/s" });
    expect(attempt).toThrow(expect.objectContaining({ code: "disk-too-small", exit: 4 }));
    try {
      attempt();
    } catch (error) {
      const { evidence } = error as { evidence: string[] };
      expect(evidence).toEqual([
        "disk      4 GiB",
        "- table   2 MiB",
        "- EFI     1 GiB",
        "- swap    512 MiB",
        "= pool    2.5 GiB, at least 3 GiB are needed",
      ]);
    }
  });

  test("a disk smaller than its own EFI partition says so without a negative size", () => {
    const tiny = sampleInventory({ disks: [sampleDisk({ size: 512 * MIB })] });
    try {
      makePlan(sampleSpec(), tiny, { now: 1, saveTo: "/s" });
      expect.unreachable();
    } catch (error) {
      expect((error as { evidence: string[] }).evidence.at(-1)).toContain("less than nothing");
    }
  });

  test.each([
    ["not-uefi", sampleInventory({ firmware: { kind: "bios", secureBoot: false, nvram: false } })],
    ["no-live-medium", sampleInventory({ live: null })],
    ["target-gone", sampleInventory({ disks: [] })],
  ])("%s", (code, inventory) => {
    expect(() => makePlan(sampleSpec(), inventory, { now: 1, saveTo: "/s" })).toThrow(
      expect.objectContaining({ code, exit: 4 }),
    );
  });

  test("an EFI partition that FAT32 cannot fill is refused", () => {
    expect(() => samplePlan({ esp: { size: 100 * MIB } })).toThrow(expect.objectContaining({ code: "esp-too-small" }));
  });
});

describe("every plan", () => {
  test("the same input gives the same plan; the time and the kernel are not part of its hash", () => {
    const plan = samplePlan();
    expect(samplePlan()).toEqual(plan);
    const later = makePlan(sampleSpec(), sampleInventory(), { now: 99, saveTo: "/elsewhere" });
    expect(later.hash).toBe(plan.hash);
    expect(hashOf(plan)).toBe(plan.hash);
  });

  test("another identity, user or package gives another hash", () => {
    const { hash } = samplePlan();
    expect(samplePlan({ salt: "other" }).hash).not.toBe(hash);
    expect(samplePlan({ users: [] }).hash).not.toBe(hash);
    expect(samplePlan({ packages: { set: "minimal" as const, add: ["vim"], mirror: null } }).hash).not.toBe(hash);
  });

  test("partitions lie in order, aligned, inside the disk, without overlap", () => {
    const sizes = fc.record({
      disk: fc
        .integer({ min: 5 * 1024, max: 20 * 1024 * 1024 })
        .chain((mib) => fc.integer({ min: 0, max: 2047 }).map((sectors) => mib * MIB + sectors * 4096)),
      esp: fc.integer({ min: 512, max: 1024 }),
      swap: fc.integer({ min: 0, max: 500 }),
      sector: fc.constantFrom(512, 4096),
    });
    fc.assert(
      fc.property(sizes, ({ disk, esp, swap, sector }) => {
        const plan = samplePlan(
          {
            esp: { size: esp * MIB + 1 },
            swap: swap === 0 ? { kind: "none" } : { kind: "partition", size: swap * MIB },
          },
          { disks: [sampleDisk({ size: disk, sector })] },
        );
        const { partitions } = data(plan, "partition");
        let free = MIB;
        for (const { start, sectors } of partitions) {
          const [from, size] = [Number(start) * sector, Number(sectors) * sector];
          expect(from % MIB).toBe(0);
          expect(from).toBeGreaterThanOrEqual(free);
          expect(size).toBeGreaterThan(0);
          free = from + size;
        }
        expect(free).toBeLessThanOrEqual(disk - 34 * sector);
      }),
    );
  });

  test("no step names a device but the target, and that only by identity", () => {
    const plan = samplePlan(
      {},
      { disks: [sampleDisk(), sampleDisk({ id: "ata-OTHER", serial: "OTHER", path: "/dev/sda", kname: "sda" })] },
    );
    const own = data(plan, "partition").partitions.map(({ partuuid }) => `/dev/disk/by-partuuid/${partuuid}`);
    const devices = wordsOf(plan).flatMap((word) => word.match(/\/dev\/[^\s:]+/g) ?? []);
    expect(devices.length).toBeGreaterThan(10);
    for (const device of devices) {
      const allowed =
        device.startsWith("/dev/disk/by-id/virtio-MVTARGET01") ||
        own.includes(device) ||
        device === "/dev/zero" ||
        device === "/dev/null";
      expect(allowed, device).toBe(true);
    }
  });

  test("nothing is erased before the target was checked, no file system made before the line of no return", () => {
    const risks = samplePlan().steps.map(({ risk }) => risk);
    expect(risks.indexOf("erases")).toBeGreaterThan(1);
    expect(risks.lastIndexOf("erases")).toBeLessThan(risks.indexOf("no-way-back"));
    expect(risks.indexOf("writes")).toBeGreaterThan(risks.indexOf("no-way-back"));
  });

  test("step ids are unique, because the journal tells steps apart by them", () => {
    const ids = samplePlan().steps.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("an encrypted root gets two keys of its own and a swap with a random one", () => {
    const plan = samplePlan({ root: { ...sampleSpec().root, encryption: "passphrase" } });
    expect(plan.steps.some(({ data: { kind } }) => kind === "make-swap")).toBe(false);
    const crypttab = data(plan, "configure").files.find(({ path }) => path === "/etc/crypttab");
    expect(crypttab?.content).toContain("/dev/urandom");
    const secrets = plan.steps
      .flatMap((step) => actionsOf(step, "actions", plan.evidence))
      .flatMap((action) => (action.do === "run" && action.secret !== undefined ? [action.secret] : []));
    expect(new Set(secrets)).toEqual(new Set(["passphrase", "recovery-passphrase"]));
  });

  describe("network", () => {
    const file = (plan: Plan, path: string) => data(plan, "configure").files.find((each) => each.path === path);
    const PSK = "a1".repeat(32);
    const link = { name: "air", macs: ["02:00:00:00:00:01"], dhcp: true, addresses: [], gateway: null, dns: [] };
    const wifi = { ssid: "Café", security: "psk" as const, psk: PSK, hidden: false };
    const conf = "/etc/wpa_supplicant/wpa_supplicant-wlm0.conf";

    test("without proxy, time servers and Wi-Fi none of their files is there, and no service is started", () => {
      const { files, links } = data(samplePlan(), "configure");
      expect(files.filter(({ path }) => /proxy|timesyncd|environment|wpa|\.link$/.test(path))).toEqual([]);
      expect(links.map(({ path }) => path)).toEqual(["/etc/localtime", "/etc/resolv.conf"]);
    });

    test("the proxy is known to apt, to services and to whoever logs in, before packages are added", () => {
      const plan = samplePlan({
        host: { ...sampleSpec().host, proxy: "http://proxy:3128" },
        packages: { set: "minimal" as const, add: ["vim"], mirror: null },
      });
      expect(file(plan, "/etc/apt/apt.conf.d/91multiverse-proxy")?.content).toBe(
        'Acquire::http::Proxy "http://proxy:3128/";\nAcquire::https::Proxy "http://proxy:3128/";\n',
      );
      expect(file(plan, "/etc/environment")?.content).toBe(
        "LANG=en_US.UTF-8\nhttp_proxy=http://proxy:3128\nhttps_proxy=http://proxy:3128\nno_proxy=localhost,127.0.0.1,::1,jupiter.example.net\n",
      );
      expect(file(plan, "/etc/systemd/system.conf.d/10-multiverse-proxy.conf")?.content).toContain(
        'DefaultEnvironment="http_proxy=http://proxy:3128" ',
      );
      const kinds = plan.steps.map((step) => step.data.kind);
      expect(kinds.indexOf("configure")).toBeLessThan(kinds.indexOf("add-packages"));
    });

    test("time servers", () => {
      const plan = samplePlan({ host: { ...sampleSpec().host, ntp: ["ntp1.example.net", "fd00::1"] } });
      expect(file(plan, "/etc/systemd/timesyncd.conf.d/10-multiverse.conf")?.content).toBe(
        "[Time]\nNTP=ntp1.example.net fd00::1\n",
      );
    });

    test("a wireless link: its adapter by address, its key for root alone, its service with the adapter", () => {
      const plan = samplePlan({ network: [...sampleSpec().network, { ...link, wifi }] });
      const network = file(plan, "/etc/systemd/network/11-air.network")?.content;
      expect(network).toMatch(/^\[Match\]\nType=wlan\nPermanentMACAddress=02:00:00:00:00:01\n/);
      expect(network).toMatch(/\nDHCP=yes\nIgnoreCarrierLoss=3s\n/);
      expect(file(plan, "/etc/systemd/network/10-wlm0.link")?.content).toMatch(
        /PermanentMACAddress=02:00:00:00:00:01\n[\s\S]*\nName=wlm0\n/,
      );
      expect(file(plan, conf)).toMatchObject({ mode: "0600" });
      expect(file(plan, conf)?.content).toMatch(/\n\tssid=436166c3a9\n[\s\S]*\n\tpsk=(a1){32}\n\}\n$/);
      expect(data(plan, "configure").links).toContainEqual({
        path: "/etc/systemd/system/sys-subsystem-net-devices-wlm0.device.wants/wpa_supplicant@wlm0.service",
        to: "/usr/lib/systemd/system/wpa_supplicant@.service",
      });
      expect(wordsOf(plan)).toContain("/mnt/etc/systemd/system/sys-subsystem-net-devices-wlm0.device.wants");
    });

    test("an open network that hides its name", () => {
      const plan = samplePlan({
        network: [{ ...link, wifi: { ssid: "Hotel", security: "open", hidden: true } }],
      });
      expect(file(plan, conf)?.content).toMatch(/\n\tscan_ssid=1\n\tkey_mgmt=NONE\n\}\n$/);
    });

    test("the key is in no word of a program, nor in the text that a person reads; the JSON and the script hold it", () => {
      const plan = samplePlan({ network: [{ ...link, wifi }] });
      expect(wordsOf(plan).join("\n")).not.toContain(PSK);
      expect(renderText(plan)).not.toContain(PSK);
      expect(renderJson(plan)).toContain(PSK);
      expect(renderScript(plan)).toMatch(/^# HOLDS THE KEY IN \/etc\/wpa_supplicant\/wpa_supplicant-wlm0\.conf: /m);
      expect(renderScript(samplePlan())).not.toContain("HOLDS THE KEY");
    });
  });

  test("the text names what is erased and what is not touched", () => {
    const text = renderText(
      samplePlan(
        {},
        { disks: [sampleDisk({ content: ["Windows 11"] }), sampleDisk({ id: "ata-OTHER", serial: "2" })] },
      ),
    );
    expect(text).toMatch(/ERASED FOR GOOD {3}virtio-MVTARGET01 .*Windows 11/);
    expect(text).toMatch(/NOT TOUCHED {7}ata-OTHER/);
    expect(text).toContain("no way back from here");
  });
});

describe("the package set hypervisor", () => {
  const plan = sampleHypervisorPlan();

  test("is refused from a medium that does not have it, which says what it has", () => {
    const planned = () => samplePlan({ packages: { set: "hypervisor", add: [], mirror: null } });
    expect(planned).toThrowError(expect.objectContaining({ code: "set-not-on-medium", evidence: ["it has: minimal"] }));
  });

  test("is another plan, with data sets for what libvirt knows, in the order in which they are mounted", () => {
    expect(plan.hash).not.toBe(samplePlan().hash);
    const [data] = plan.steps.flatMap(({ data }) => (data.kind === "create-datasets" ? [data.data] : []));
    expect(data?.map(({ mountpoint }) => mountpoint).slice(-2)).toEqual(["/etc/libvirt", "/var/lib/libvirt"]);
    const fstab = plan.steps.flatMap(({ data }) => (data.kind === "fill-data" ? data.files : []));
    expect(fstab.find(({ path }) => path === "/etc/fstab")?.content).toContain("data/lib-libvirt /var/lib/libvirt zfs");
  });

  test("another layer on the medium is not the same image, though the plan is the same", () => {
    const live = (sha256: string) => ({ ...sampleInventory().live, sets: { hypervisor: { ...SAMPLE_SET, sha256 } } });
    expect(sameImage(plan.evidence, { live: live("ee") as LiveMedium, medium: null })).toBe(true);
    expect(sameImage(plan.evidence, { live: live("ff") as LiveMedium, medium: null })).toBe(false);
  });
});

describe("admins", () => {
  const files = (admins: ResolvedSpec["admins"]) =>
    samplePlan({ admins }).steps.flatMap(({ data }) => (data.kind === "fill-data" ? data.files : []));
  const content = (name: string, admins: ResolvedSpec["admins"]) =>
    files(admins).find(({ path }) => path === `/etc/multiverse/control/${name}`)?.content;

  test("where nobody is named, nobody can command", () => {
    expect(files([]).map(({ path }) => path)).toEqual(["/etc/fstab"]);
  });

  test("a key that OpenSSH would not take is refused before anything is erased", () => {
    expect(() => files([{ name: "grace", key: "ssh-ed25519 AAAA", operations: null }])).toThrowError(/no public key/);
  });

  test("who signs, who may do what, and room for keys that are revoked, on the data set that outlives releases", () => {
    const admins = [{ name: "grace", key: SAMPLE_KEY, operations: ["vm.start"] }];
    const blob = SAMPLE_KEY.split(" ").slice(0, 2).join(" ");
    expect(content("allowed_signers", admins)).toBe(`grace namespaces="multiversed-command@v1" ${blob}\n`);
    expect(content("policy.yml", admins)).toContain('"grace": {operations: [vm.start]}');
    expect(content("revoked_keys", admins)).toBe("");
  });
});
