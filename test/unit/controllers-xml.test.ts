// The reader of XML: what is no XML is refused, what libvirt writes is read, whatever names and texts are in it.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDomainXml } from "../../core/controllers/domain-xml.ts";
import { attribute, type Element, first, parseXml } from "../../core/controllers/xml.ts";
import { recorded } from "./libvirt-recorded.ts";

describe("what is not well formed is null", () => {
  test.each([
    ["nothing", ""],
    ["text only", "hello"],
    ["an element that is not closed", "<a><b></b>"],
    ["ends crossed", "<a><b></a></b>"],
    ["an end without a beginning", "</a>"],
    ["two roots", "<a/><b/>"],
    ["text beside the root", "<a/>x"],
    ["an attribute without quotes", "<a b=c/>"],
    ["a comment without an end", "<a><!-- </a>"],
    ["CDATA without an end", "<a><![CDATA[ </a>"],
    ["a lone bracket", "<a><</a>"],
    ["65 levels", `${"<a>".repeat(65)}${"</a>".repeat(65)}`],
    ["more than 4 MiB", `<a>${"x".repeat(4 * 1024 * 1024)}</a>`],
  ])("%s", (_, text) => expect(parseXml(text)).toBeNull());
});

test("an entity that a document type would define is left as it stands", () => {
  const xml = `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`;
  expect(parseXml(xml)?.text ?? "refused").not.toContain("root:");
  expect(parseXml("<a>&x;&amp;&#65;&#x42;&#xd800;&#x110000;</a>")?.text).toBe("&x;&AB��");
});

test("whatever the text is, the reader answers and does not throw", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void parseXml(text)));
  const pieces = fc.constantFrom(
    "<",
    ">",
    "/",
    "a",
    " ",
    '"',
    "'",
    "=",
    "&",
    ";",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?",
    "?>",
    "<a>",
    "</a>",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => void parseXml(parts.join(""))),
    { numRuns: 500 },
  );
});

const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.:-]{0,8}$/);
// Texts are told apart by their elements only, so each element has at most one.
const tree: fc.Memo<Element> = fc.memo((depth) =>
  fc.record({
    name,
    attributes: fc
      .dictionary(name, fc.string({ unit: "grapheme" }), { maxKeys: 3 })
      .map((entries) => new Map(Object.entries(entries))),
    children: depth <= 1 ? fc.constant([]) : fc.array(tree(depth - 1), { maxLength: 3 }),
    text: fc.string({ unit: "grapheme" }),
  }),
);

function write({ name: tag, attributes, children, text }: Element): string {
  const said = [...attributes].map(([key, value]) => ` ${key}='${escaped(value)}'`).join("");
  return `<${tag}${said}>${escaped(text)}<!-- <x> -->${children.map(write).join("")}</${tag}>`;
}

test("what was written is read again", () => {
  fc.assert(
    fc.property(tree(4), (element) => {
      expect(parseXml(write(element))).toEqual(element);
    }),
  );
});

test("cut anywhere, a document is refused", () => {
  const whole = recorded("running.xml").trim();
  fc.assert(
    fc.property(fc.nat(whole.length - 1), (length) => {
      expect(parseXml(whole.slice(0, length))).toBeNull();
    }),
  );
});

describe("a domain", () => {
  test("of another kind of document is none", () => {
    expect(parseDomainXml("<network><name>default</name></network>")).toBeNull();
    expect(parseDomainXml("error: failed to get domain")).toBeNull();
  });

  test("with nothing in it has defaults, not NaN", () => {
    expect(parseDomainXml("<domain><vcpu>many</vcpu><memory unit='furlong'>x</memory></domain>")).toEqual({
      ...{ uuid: null, os: null, processors: 1, memory: 0, disks: [], networks: [], devices: [] },
      ...{ agent: false, heartbeat: null, consoleLog: null, consoleTty: null },
    });
  });

  test("that runs tells its terminal, its log and where its heartbeat is", () => {
    expect(parseDomainXml(recorded("running.xml"))).toMatchObject({
      ...{ processors: 1, memory: 32 * 1024 * 1024, agent: true, heartbeat: "/srv/test/hb.sock" },
      ...{ consoleLog: "/srv/test/console.log", consoleTty: "/dev/pts/0" },
      disks: [{ target: "vda", source: "/srv/test/boot.img" }],
    });
  });

  test("that is off has a heartbeat on its serial port, and no terminal", () => {
    const xml = parseDomainXml(recorded("off.xml"));
    expect(xml).toMatchObject({ agent: false, heartbeat: "/srv/test/beat.sock", consoleTty: null });
  });

  test("with devices, networks and other kinds of disks", () => {
    const xml = recorded("everything.xml");
    expect(first(parseXml(xml) ?? undefined, "name")?.text).toBe("Ada & Bob's <work>");
    expect(attribute(parseXml(xml) ?? undefined, "id")).toBe("7");
    expect(parseDomainXml(xml)).toEqual({
      uuid: "0d6ac1b9-6a42-4f5b-9d4e-8d2c3b6f1a00",
      ...{ os: "Debian 13", processors: 4, memory: 8 * 1024 ** 3 },
      disks: [
        { target: "vda", source: "/dev/zvol/tank/work" },
        { target: "vdb", source: "pool/image" },
        { target: "sda", source: null },
      ],
      networks: [
        { tap: "vnet3", bridge: "br0", mac: "52:54:00:ab:cd:ef" },
        { tap: "vnet4", bridge: "virbr0", mac: "52:54:00:ab:cd:f0" },
      ],
      devices: [
        { kind: "pci", id: "0000:0a:00.1" },
        { kind: "usb", id: "046d:c31c" },
        { kind: "usb", id: "bus 1 device 3" },
      ],
      ...{ agent: true, heartbeat: "/run/libvirt/qemu/channel/7/org.multiverse.heartbeat.0" },
      ...{ consoleLog: "/var/log/libvirt/consoles/work.log", consoleTty: "/dev/pts/4" },
    });
  });
});
