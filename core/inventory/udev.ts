// Parses `udevadm info --export-db`: the links that lead to each device, and its properties.

export interface UdevDevice {
  /** Kernel name of the node below /dev, "" for devices without one. */
  node: string;
  devpath: string;
  /** Links below /dev, e.g. "disk/by-id/virtio-X". */
  links: string[];
  properties: ReadonlyMap<string, string>;
}

/** One device a paragraph; lines it does not know are passed over (udevadm(8) adds letters from time to time). */
export function parseUdev(output: string): UdevDevice[] {
  return output.split(/\n{2,}/).flatMap((paragraph) => {
    const device = parseDevice(paragraph);
    return device.devpath === "" ? [] : [device];
  });
}

function parseDevice(paragraph: string): UdevDevice {
  let node = "";
  let devpath = "";
  const links: string[] = [];
  const properties = new Map<string, string>();
  for (const line of paragraph.split("\n")) {
    const rest = line.slice(3);
    if (line.startsWith("P: ")) devpath = rest;
    else if (line.startsWith("N: ")) node = rest;
    else if (line.startsWith("S: ")) links.push(rest);
    else if (line.startsWith("E: ")) {
      const equals = rest.indexOf("=");
      if (equals > 0) properties.set(rest.slice(0, equals), rest.slice(equals + 1));
    }
  }
  return { node, devpath, links, properties };
}

/** The links of each node, by node name. */
export function linksByNode(devices: readonly UdevDevice[]): Map<string, string[]> {
  return new Map(devices.filter((device) => device.node !== "").map((device) => [device.node, device.links]));
}
