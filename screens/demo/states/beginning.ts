// Where a person begins: looking at the machine, an unfinished install, language, target, spec.
import type { Unfinished } from "../../wizard/model.ts";
import { HOSTILE_TEXTS } from "./machines.ts";
import { type DemoState, press, stateOf, type } from "./state.ts";

const UNREADABLE = {
  code: "spec-invalid",
  message: "The spec has 2 mistakes.",
  evidence: [
    "multiverse.yml:3:9  host.name: must be made of labels of letters, digits and hyphens, separated by dots",
    "multiverse.yml:7:1  rooot: no such key; did you mean root?",
  ],
  hint: "Correct the file on the stick's partition MULTIVERSE, and start again.",
};

const NO_ANSWER = {
  code: "cannot-fetch",
  message: "The spec could not be fetched.",
  evidence: ["https://config.example.net/hosts/jupiter.yml", "fetch failed: getaddrinfo ENOTFOUND config.example.net"],
  hint: "Check the address, the network and the proxy, or put the file on the stick.",
};

const specs = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    ...{ path: `/demo/host-${at}.yml`, name: `host-${at}.yml`, says: "One of a row of equal hosts in the same rack." },
    from: at === 0 ? ("medium" as const) : ("profile" as const),
  }));

export async function beginningStates(): Promise<DemoState[]> {
  const address = [...press("down", "down", "enter")];
  const another = (first: Unfinished): Unfinished => ({
    ...first,
    ...{ host: "saturn.example.net", step: 3, title: first.plan.steps[2]?.title ?? "", directory: "/demo/journal/2" },
    ...{ secrets: [], when: "2026-01-02T11:30:00.000Z" },
  });
  return Promise.all([
    stateOf("looking", "at-the-machine", { more: { busy: "machine", inventory: null } }),
    stateOf("looking", "spec-with-mistakes", { more: { problem: UNREADABLE } }),
    stateOf("unfinished", "one"),
    stateOf("unfinished", "two", { more: ({ unfinished: [one] }) => (one ? { unfinished: [one, another(one)] } : {}) }),
    stateOf("unfinished", "hostile", {
      more: ({ unfinished: [one] }) =>
        one ? { unfinished: HOSTILE_TEXTS.map((text) => ({ ...one, host: text, title: text })) } : {},
    }),
    stateOf("unfinished", "passphrases", { keys: press("enter") }),
    stateOf("language", "english"),
    stateOf("language", "german", { more: { language: "de" } }),
    stateOf("language", "polish", { more: { language: "pl" } }),
    stateOf("language", "keyboard", { keys: press("enter", "down") }),
    stateOf("target", "choice"),
    stateOf("spec", "choice"),
    stateOf("spec", "none-found", { more: { specs: [] } }),
    stateOf("spec", "many", { more: { specs: specs(40) } }),
    stateOf("spec", "address", { keys: address }),
    stateOf("spec", "address-wrong", { keys: [...address, type("jupiter.yml"), ...press("enter")] }),
    stateOf("spec", "address-not-fetched", { keys: address, more: { problem: NO_ANSWER } }),
    stateOf("spec", "fetching", { more: { busy: "address" } }),
  ]);
}
