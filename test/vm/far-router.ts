// A router at the other end of a host's adapter: a second adapter on the same wire, in a network namespace of the guest.
import type { GuestShell } from "../../core/vm/guest-shell.ts";
import type { VmAdapter } from "../../core/vm/machine-options.ts";

const HOST_END: VmAdapter = { id: "wan", wire: 1, mac: "52:54:00:4d:57:01", speed: 1000 };
const ROUTER_END: VmAdapter = { id: "router", wire: 1, mac: "52:54:00:4d:57:02" };

/** For BootOptions.adapters; `set_link` with the first one's id pulls the host's cable. */
export const WIRE = [HOST_END, ROUTER_END] as const;
export const CABLE = HOST_END.id;

/** Addresses for documentation (RFC 5737); the name server is behind the router. */
export const FAR = { router: "192.0.2.1", server: "198.51.100.53", name: "probe.test", speed: 1000 } as const;

/** Scripts of the guest that break one thing each, and those that mend it. */
export interface FarRouter {
  /** The host's end, as the guest calls it. */
  nic: string;
  routerOff: string;
  routerOn: string;
  dnsOff: string;
  dnsOn: string;
  /** Its socket goes on taking questions, and nobody answers. */
  dnsHung: string;
  dnsAwake: string;
}

const PIDS = "/run/far-router";
const DNSMASQ = "ip netns exec far dnsmasq --conf-file=/dev/null --no-hosts --no-resolv --bind-interfaces --user=root";

/** Moves the far adapter away, starts DHCP and DNS there, and has networkd ask for an address. */
export async function openFarRouter(shell: GuestShell): Promise<FarRouter> {
  const named = `named() { grep -lix "$1" /sys/class/net/*/address | cut -d/ -f5; }`;
  const out = await shell.output(`${named}
near=$(named ${HOST_END.mac}); far=$(named ${ROUTER_END.mac})
mkdir -p ${PIDS}
ip netns add far
ip link set "$far" netns far
ip -n far link set lo up
ip -n far addr add ${FAR.server}/32 dev lo
ip -n far addr add ${FAR.router}/24 dev "$far"
ip -n far link set "$far" up
${DNSMASQ} --port=0 --interface="$far" --dhcp-authoritative --dhcp-range=192.0.2.100,192.0.2.150,255.255.255.0,1h \
  --dhcp-option=3,${FAR.router} --dhcp-option=6,${FAR.server} --dhcp-leasefile=${PIDS}/leases --pid-file=${PIDS}/dhcp.pid
${startDns()}
networkctl reconfigure "$near"
echo "$near $far"`);
  const [nic = "", far = ""] = (out.trim().split("\n").at(-1) ?? "").split(" ");
  const dns = `"$(cat ${PIDS}/dns.pid)"`;
  return {
    nic,
    routerOff: `ip -n far link set ${far} down`,
    routerOn: `ip -n far link set ${far} up`,
    dnsOff: `kill ${dns}`,
    dnsOn: startDns(),
    dnsHung: `kill -STOP ${dns}`,
    dnsAwake: `kill -CONT ${dns}`,
  };
}

function startDns(): string {
  return `${DNSMASQ} --listen-address=${FAR.server} --address=/${FAR.name}/${FAR.router} --pid-file=${PIDS}/dns.pid`;
}
