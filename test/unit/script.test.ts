// The exported script: a shell accepts it, it quotes whatever it must, and it holds no secret.
import { execFileSync, spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NetworkLink } from "../../core/spec/resolved.ts";
import { renderAction, renderScript, shellQuote } from "../../core/steps/script.ts";
import { SAMPLE_KEY, samplePlan, sampleSpec } from "./sample-host.ts";

const WIRELESS: NetworkLink = {
  ...{ name: "air", macs: ["02:00:00:00:00:01"], dhcp: true, addresses: [], gateway: null, dns: [] },
  wifi: { ssid: "it's $(here) `now`", security: "psk", psk: "a1".repeat(32), hidden: true },
};

const passphrase = { root: { ...sampleSpec().root, encryption: "passphrase" as const } };

test("run as anybody without saying what may be erased, it stops before its first step", () => {
  const { status, stderr } = spawnSync("sh", ["-s"], { input: renderScript(samplePlan()), encoding: "utf8" });
  expect(status).toBe(4);
  expect(stderr).toMatch(/--erase virtio-MVTARGET01|run this as root/);
});

test.each([
  ["plain", {}],
  ["encrypted", passphrase],
  ["with admins", { admins: [{ name: "grace", key: SAMPLE_KEY, operations: null }] }],
  ["with packages", { packages: { set: "minimal" as const, add: ["vim"], mirror: null } }],
  ["with a proxy and a wireless network", { host: { ...sampleSpec().host, proxy: "http://p:1" }, network: [WIRELESS] }],
])("a POSIX shell and shellcheck accept the script: %s", (_, spec) => {
  const script = renderScript(samplePlan(spec));
  execFileSync("sh", ["-n"], { input: script });
  const found = spawnSync("shellcheck", ["--severity=warning", "--exclude=SC2034", "-"], {
    input: script,
    encoding: "utf8",
  });
  expect(found.stdout).toBe("");
});

test("quoting survives the shell, whatever the text", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", maxLength: 20 }).filter((text) => !text.includes("\0")),
      (text) => {
        expect(execFileSync("sh", ["-c", `printf %s ${shellQuote(text)}`], { encoding: "utf8" })).toBe(text);
      },
    ),
    { numRuns: 40 },
  );
});

describe("actions as shell", () => {
  const sh = (text: string) =>
    spawnSync(
      "sh",
      [
        "-c",
        `set -eu\nquietly() { "$@" >/dev/null 2>&1; }\ndie() { echo "DIED $1"; exit 5; }\nmeter() { cat; }\nwork=/tmp\n${text}\necho END`,
      ],
      { encoding: "utf8" },
    ).stdout;

  test("a failed program stops the script; one that may fail does not", () => {
    expect(sh(renderAction({ do: "run", argv: ["false"] }))).not.toContain("END");
    expect(sh(renderAction({ do: "run", argv: ["false"], anyExit: true }))).toContain("END");
  });

  test("checks see the exit status and the output", () => {
    const otherwise = { code: "c", message: "no", hint: "" };
    const check = (
      argv: [string, ...string[]],
      expectation: { exit: "zero" | "not-zero" } | { stdout: string } | { output: "empty" },
    ) =>
      sh(
        `trim() { sed -e 's/^[[:space:]]*//' -e 's/[[:space:]]*$//' | sed -e '/./!d'; }\n${renderAction({ do: "check", argv, expect: expectation, otherwise })}`,
      );
    expect(check(["false"], { exit: "zero" })).toContain("DIED no");
    expect(check(["false"], { exit: "not-zero" })).toContain("END");
    expect(check(["echo", " 12 "], { stdout: "12" })).toContain("END");
    expect(check(["echo", "13"], { stdout: "12" })).toContain("DIED");
    expect(check(["echo", "x"], { output: "empty" })).toContain("DIED");
    expect(check(["true"], { output: "empty" })).toContain("END");
  });

  test("a copy whose source fails stops the script", () => {
    expect(sh(renderAction({ do: "pipe", stages: [["false"], ["cat"]] }))).toContain("DIED");
    expect(sh(renderAction({ do: "pipe", stages: [["echo", "hi"], ["cat"]] }))).toContain("END");
  });
});
