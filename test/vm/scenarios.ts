// Every scenario, in the order in which they run.
import { scenario as badInput } from "./bad-input.ts";
import { scenario as everyKey } from "./every-key.ts";
import { scenario as exportedScript } from "./exported-script.ts";
import { scenario as g3Twice } from "./g3-twice.ts";
import { scenario as resume } from "./resume.ts";
import type { Scenario } from "./scenario.ts";
import { scenario as secondSource } from "./second-source.ts";
import { scenario as usbImage } from "./usb-image.ts";
import { scenario as zfsPassphrase } from "./zfs-passphrase.ts";
import { scenario as zfsPlain } from "./zfs-plain.ts";

export const SCENARIOS: readonly Scenario[] = [
  zfsPlain,
  zfsPassphrase,
  g3Twice,
  usbImage,
  exportedScript,
  resume,
  secondSource,
  badInput,
  everyKey,
];
