import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { fetchSpec, withoutConfirmation } from "../../screens/backend/fetch-spec.ts";

let server: Server | undefined;
afterEach(() => new Promise((resolve) => (server === undefined ? resolve(null) : server.close(resolve))));

/** An address on this machine alone. */
async function serve(answer: RequestListener): Promise<string> {
  const listening = createServer(answer);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}/jupiter.yml`;
}

const never = new AbortController().signal;

test("what is not there is said, with the server's own words and the address", async () => {
  const address = await serve((_, answer) => answer.writeHead(404, "Not Found").end());
  await expect(fetchSpec(address, never)).rejects.toMatchObject({
    code: "cannot-fetch",
    evidence: [address, expect.stringContaining("404 Not Found")],
  });
});

test("nobody listening is said, with the cause", async () => {
  const address = await serve((_, answer) => answer.end());
  await new Promise((resolve) => server?.close(resolve));
  server = undefined;
  await expect(fetchSpec(address, never)).rejects.toMatchObject({
    code: "cannot-fetch",
    evidence: [address, expect.stringMatching(/ECONNREFUSED/)],
  });
});

test("a file without end is not taken into memory", async () => {
  const address = await serve((_, answer) => {
    const more = () => {
      while (answer.write("a: b\n".repeat(10_000)));
    };
    answer.on("drain", more);
    more();
  });
  await expect(fetchSpec(address, never)).rejects.toMatchObject({
    evidence: [address, expect.stringContaining("larger than 1 MiB")],
  });
});

test("what is no text is refused", async () => {
  const address = await serve((_, answer) => answer.end(Buffer.from([0xff, 0xfe, 0x00])));
  await expect(fetchSpec(address, never)).rejects.toMatchObject({ code: "cannot-fetch" });
});

test("a spec comes with its comments, and without what only a trusted file may confirm", async () => {
  const text = "# ours\nversion: 1 # the first\nunattended: true\nconfirm: {erase: [a]}\nhost: {name: jupiter}\n";
  const address = await serve((_, answer) => answer.end(text));
  const draft = await fetchSpec(address, never);
  expect(draft).toMatchObject({ name: address, from: "address", file: null });
  expect(draft.text).toContain("# ours");
  expect(draft.text).toContain("version: 1 # the first");
  expect(draft.text).toContain("name: jupiter");
  expect(draft.text).not.toMatch(/unattended|confirm|erase/);
});

test("text that is no YAML is left for the spec's own rules to refuse, with line and column", () => {
  expect(withoutConfirmation("a: [\nconfirm: {")).toBe("a: [\nconfirm: {");
});
