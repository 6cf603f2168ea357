// `root.lvm`: a volume group below ext4 or xfs, and its volumes.
import { z } from "zod";
import { key } from "./question-meta.ts";
import { mountpoint } from "./schema-datasets.ts";
import { share } from "./sizes.ts";

/** What stands in /dev already, where a group's folder would be (lvm(8) refuses such a name itself, but late). */
const IN_DEV =
  /^(block|bsg|bus|char|console|core|cpu|disk|dma_heap|dri|fd|full|fuse|hugepages|input|kmsg|kvm|log|mapper|mem|md|mqueue|net|null|port|ptmx|pts|random|rtc|shm|snd|std(in|out|err)|tty[0-9]*|urandom|usb|vfio|vhost-.*|zero|zfs|zvol)$/;

export const groupName = z
  .string()
  .max(32, "is longer than 32 characters")
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, "must be letters, digits and _ . -")
  .refine((name) => !IN_DEV.test(name), "stands in /dev already");

const volumeName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,31}$/, "must be a word of lower-case letters, digits and _")
  .refine(
    (name) =>
      !/^(snapshot|pvmove)|_(mlog|mimage|rimage|rmeta|tdata|tmeta|cdata|cmeta|vorigin|pmspare|corig)/.test(name),
    {
      error: "is reserved by LVM",
    },
  );

const volume = z.strictObject({
  size: key(share, "How large: a size, a part of the group (25 %), or the rest. Default: rest."),
  mountpoint: key(mountpoint, "Where it is mounted; not of `root`."),
});

export const lvmSchema = z
  .strictObject({
    group: key(groupName, "The name of the volume group. Default: the system's name."),
    volumes: key(
      z.record(volumeName, volume.describe("A logical volume with a file system like the root's.")),
      "Its volumes by name. `root` is the root; default: it alone, with all the room.",
    ),
  })
  .check((context) => {
    const volumes = Object.entries(context.value.volumes ?? {});
    const refuse = (path: string[], message: string) =>
      context.issues.push({ code: "custom", input: context.value, path: ["volumes", ...path], message });
    const taking = volumes.filter(([, about]) => (about?.size ?? "rest") === "rest").map(([name]) => name);
    const withRoot = volumes.some(([name]) => name === "root") ? taking : ["root", ...taking];
    if (withRoot.length > 1)
      refuse(
        taking.slice(-1),
        `takes the rest, and so does ${withRoot.slice(0, -1).join(", ")}; give all but one a size`,
      );
    for (const [name, about] of volumes) {
      if (name === "root" && about?.mountpoint !== undefined) refuse([name, "mountpoint"], "is / by itself");
      if (name !== "root" && about?.mountpoint === undefined) refuse([name], "has no mountpoint");
      const twin = volumes.find(([, other]) => other?.mountpoint === about?.mountpoint);
      if (about?.mountpoint !== undefined && twin !== undefined && twin[0] !== name)
        refuse([name, "mountpoint"], `is that of ${twin[0]}, too`);
    }
  });
