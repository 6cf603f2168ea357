// Every scenario, in the order in which they run.
import { scenario as auditTpm } from "./audit-tpm.ts";
import { scenario as badInput } from "./bad-input.ts";
import { scenario as ctlAttacks } from "./ctl-attacks.ts";
import { scenario as ctlCertificate } from "./ctl-certificate.ts";
import { scenario as ctlLocal } from "./ctl-local.ts";
import { scenario as ctlRemote } from "./ctl-remote.ts";
import { scenario as ctlVsock } from "./ctl-vsock.ts";
import { scenario as everyKey } from "./every-key.ts";
import { scenario as exportedScript } from "./exported-script.ts";
import { scenario as g3Twice } from "./g3-twice.ts";
import { scenario as loginCrash } from "./login-crash.ts";
import { scenario as loginHungSources } from "./login-hung-sources.ts";
import { scenario as loginLinks } from "./login-links.ts";
import { scenario as loginSerial } from "./login-serial.ts";
import { scenario as loginTty1 } from "./login-tty1.ts";
import { scenario as loginVms } from "./login-vms.ts";
import { scenario as rescueConsoles } from "./rescue-consoles.ts";
import { scenario as resume } from "./resume.ts";
import type { Scenario } from "./scenario.ts";
import { scenario as secondSource } from "./second-source.ts";
import { scenario as tui80x25 } from "./tui-80x25.ts";
import { scenario as tuiFailure } from "./tui-failure.ts";
import { scenario as tuiInstallSerial } from "./tui-install-serial.ts";
import { scenario as tuiInstallTty1 } from "./tui-install-tty1.ts";
import { scenario as tuiReplay } from "./tui-replay.ts";
import { scenario as tuiResume } from "./tui-resume.ts";
import { scenario as usbImage } from "./usb-image.ts";
import { scenario as zfsPassphrase } from "./zfs-passphrase.ts";
import { scenario as zfsPlain } from "./zfs-plain.ts";

export const SCENARIOS: readonly Scenario[] = [
  zfsPlain,
  tuiInstallTty1,
  loginTty1,
  loginCrash,
  loginLinks,
  loginHungSources,
  ctlLocal,
  ctlRemote,
  ctlCertificate,
  ctlAttacks,
  ctlVsock,
  zfsPassphrase,
  g3Twice,
  usbImage,
  exportedScript,
  resume,
  badInput,
  everyKey,
  rescueConsoles,
  loginSerial,
  tuiInstallSerial,
  tuiReplay,
  tuiResume,
  tuiFailure,
  tui80x25,
  secondSource,
  loginVms,
  auditTpm,
];
