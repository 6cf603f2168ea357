// A controller as the host sees it.
import { z } from "zod";
import { monotonic, wallClock } from "./part.ts";

export const controllerState = z.enum(["off", "starting", "running", "silent", "paused", "failed"]);
export type ControllerState = z.infer<typeof controllerState>;

export const controller = z.strictObject({
  name: z.string(),
  uuid: z.string(),
  /** "Debian 13"; null where neither the domain nor the guest says. */
  os: z.string().nullable(),
  state: controllerState,
  /** Of running and silent: when it was last heard, and by what; null where nothing could be heard. */
  heartbeat: z.strictObject({ at: monotonic, by: z.enum(["guest-agent", "virtio-serial", "console"]) }).nullable(),
  /** Why it failed or is silent, one sentence, with the time. */
  reason: z.strictObject({ text: z.string(), at: wallClock }).nullable(),
  cpu: z.strictObject({ count: z.number().int(), /** 100 is one whole processor. */ percent: z.number().nullable() }),
  /** Bytes. */
  memory: z.strictObject({ bytes: z.number(), used: z.number().nullable() }),
  disks: z.array(
    z.strictObject({
      target: z.string(),
      source: z.string().nullable(),
      bytes: z.number().nullable(),
      /** Bytes a second, since the last reading. */
      read: z.number().nullable(),
      written: z.number().nullable(),
    }),
  ),
  networks: z.array(
    z.strictObject({
      /** The tap on the host; null while it is off. */
      tap: z.string().nullable(),
      bridge: z.string().nullable(),
      mac: z.string(),
      addresses: z.array(z.string()),
      received: z.number().nullable(),
      sent: z.number().nullable(),
    }),
  ),
  devices: z.array(z.strictObject({ kind: z.enum(["pci", "usb"]), id: z.string(), name: z.string() })),
  /** The last lines of its console, scrubbed; at most 20. */
  console: z.array(z.string()),
  autostart: z.boolean(),
});
export type Controller = z.infer<typeof controller>;
