// The demo's specs: a whole one, and for each screen that asks one that leaves its questions open.
import type { ScreenName } from "../wizard/model.ts";

export const DISK = "nvme-Samsung_SSD_990_PRO_1TB_S7KGNU0X000114P";

/** Nobody's password: it is no hash of anything. */
export const HASH = `$6$demo$${"x".repeat(86)}`;

export const WHOLE = `version: 1
host: { name: jupiter.example.net, timezone: Europe/Berlin, locale: de_DE.UTF-8, keyboard: de }
disks: { system: ${DISK} }
root: { pool: saturn, encryption: passphrase }
users: [{ name: ada, password: "${HASH}", groups: [sudo] }]
`;

export const OPEN: Partial<Record<ScreenName, string>> = {
  disks: WHOLE.replace(/disks:.*\n/, ""),
  storage: WHOLE.replace(", encryption: passphrase", ""),
  identity: WHOLE.replace("name: jupiter.example.net, ", "").replace(/users:.*\n/, ""),
  values: WHOLE.replace("Europe/Berlin", '{ ask: "the machine may stand anywhere" }'),
};
