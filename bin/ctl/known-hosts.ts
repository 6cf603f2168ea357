// The keys that ssh knows a host by: its own configuration and its own search are asked, hashed names and aliases included.
import { homedir } from "node:os";
import type { Run } from "../../core/tools/run.ts";
import type { Place } from "./place.ts";

/** Lines "TYPE BASE64"; empty where the host is unknown. Keys that are marked as revoked are left out (sshd(8), known_hosts). */
export async function knownHostKeys({ argv }: Extract<Place, { kind: "ssh" }>, run: Run): Promise<readonly string[]> {
  const { stdout } = await run(["ssh", "-G", ...argv], { timeoutMs: 10_000 });
  const settings = new Map(
    stdout.split("\n").map((line) => {
      const [key = "", ...rest] = line.split(" ");
      return [key, rest.join(" ")] as const;
    }),
  );
  const host = settings.get("hostname") ?? "";
  const port = settings.get("port") ?? "22";
  const name = settings.get("hostkeyalias") ?? (port === "22" ? host : `[${host}]:${port}`);
  const files = `${settings.get("userknownhostsfile") ?? ""} ${settings.get("globalknownhostsfile") ?? ""}`.split(" ");
  const found: string[] = [];
  for (const file of files.filter((one) => one !== "" && one !== "none")) {
    const path = file.replace(/^~(?=\/)/, homedir());
    // 1: not in there; 255: no such file.
    const result = await run(["ssh-keygen", "-F", name, "-f", path], { ok: [0, 1, 255], timeoutMs: 10_000 });
    found.push(...result.stdout.split("\n").filter((line) => line !== "" && !line.startsWith("#")));
  }
  return keysOf(found);
}

/** From lines of known_hosts. `@cert-authority` says nothing of the host's own key. */
export function keysOf(lines: readonly string[]): readonly string[] {
  const parsed = lines.map((line) => {
    const words = line.trim().split(/\s+/);
    const marker = words[0]?.startsWith("@") ? words.shift() : undefined;
    return { marker, key: words.slice(1, 3).join(" ") };
  });
  const revoked = new Set(parsed.filter(({ marker }) => marker === "@revoked").map(({ key }) => key));
  return parsed
    .filter(({ marker, key }) => marker === undefined && key !== "" && !revoked.has(key))
    .map(({ key }) => key);
}
