// Listens for wireless networks with one adapter. Not seen on hardware: tested with what iw prints.
import { ActionableError, EXIT } from "../errors.ts";
import { type Answer, ask, lastWords } from "../inventory/ask-program.ts";
import type { Run } from "../tools/run.ts";
import { parseIwScan } from "./iw-scan.ts";
import type { WifiNetwork } from "./wifi-network.ts";

/**
 * The networks that `adapter` (such as wlp2s0) hears, strongest first; takes some seconds, and needs root. The adapter is
 * switched on for it and stays on.
 * @throws ActionableError exit 4: `wifi-switched-off`, `wifi-busy`, `wifi-cannot-scan`
 */
export async function scanWifi(run: Run, adapter: string, signal?: AbortSignal): Promise<WifiNetwork[]> {
  const up = await ask(run, ["ip", "link", "set", "dev", adapter, "up"], signal);
  if (up.exit !== 0) throw refusal(adapter, up);
  const heard = await ask(run, ["iw", "dev", adapter, "scan"], signal);
  if (heard.exit !== 0) throw refusal(adapter, heard);
  return parseIwScan(heard.stdout);
}

/** iw and ip end with the kernel's error: "command failed: Device or resource busy (-16)", "… due to RF-kill". */
function refusal(adapter: string, answer: Answer): ActionableError {
  const evidence = [`${adapter}: ${lastWords(answer)}`];
  if (/RF-kill|\(-132\)/i.test(answer.stderr)) {
    return new ActionableError({
      code: "wifi-switched-off",
      exit: EXIT.refused,
      message: "The wireless adapter is switched off.",
      evidence,
      hint: "Switch it on: a key or a switch on the machine, its firmware's settings, or `rfkill unblock wlan`.",
    });
  }
  if (/\(-16\)|busy/i.test(answer.stderr)) {
    return new ActionableError({
      code: "wifi-busy",
      exit: EXIT.refused,
      message: "The wireless adapter is busy with something else.",
      evidence,
      hint: "Try again in some seconds.",
    });
  }
  return new ActionableError({
    code: "wifi-cannot-scan",
    exit: EXIT.refused,
    message: "The wireless adapter cannot look for networks.",
    evidence,
    hint: answer.missing
      ? "The rescue system has `iw` and `ip`; elsewhere: apt install iw iproute2."
      : "Type the network's name yourself, or use a cable.",
  });
}
