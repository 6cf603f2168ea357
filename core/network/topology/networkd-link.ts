// Parses the file that systemd-networkd keeps of a link: whether it manages it, and whether it is still setting it up.

/** The file of the interface with this index; what `networkctl list` and sd-network read (systemd, src/libsystemd/sd-network). */
export const networkdLinkPath = (index: number): string => `/run/systemd/netif/links/${index}`;

export interface NetworkdLink {
  /** "configured", "configuring", "failed", "unmanaged", "pending", "initialized", "linger". */
  setup: string;
  /** A .network file applies to it. */
  managed: boolean;
}

export function parseNetworkdLink(content: string): NetworkdLink {
  const setup = /^ADMIN_STATE=(.*)$/m.exec(content)?.[1] ?? "unmanaged";
  return { setup, managed: ["configured", "configuring", "failed"].includes(setup) };
}
