// The seat as the daemon keeps it: the code, the certificates it takes, and how it locks again. Real keys, played clocks.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { LOOK_EVERY_MS, Seat } from "../../core/control/seat.ts";
import { CODE_LIFETIME_MS, makeSeatCode, TRIES } from "../../core/control/seat-code.ts";
import { fingerprint, parseKeyLine } from "../../core/control/ssh-key.ts";
import { createRun } from "../../core/tools/run-real.ts";
import { certify, makeKey, type SampleKey, sampleFolder } from "./ssh-sample.ts";

const NOW = 1_763_680_000;
const HOUR = 3_600;
const CODE = "0000-0007";
const folder = sampleFolder();
const run = createRun();
let ada: SampleKey;
let mallory: SampleKey;
let seatKey: SampleKey;
let seat: Seat;
let clock = { monotonic: 0, wall: 0 };
let changes = 0;
let next = 7;
/** What waits for time to pass; the clock of the test calls it. */
let waiting: (() => void)[] = [];

beforeAll(() => {
  ada = makeKey(folder.path, "ada");
  mallory = makeKey(folder.path, "mallory");
  seatKey = makeKey(folder.path, "seat");
});
afterAll(() => folder.remove());

const place = () => join(folder.path, "run");
const shown = () => readFileSync(join(place(), "code"), "utf8");
const files = () => readdirSync(place()).sort();
const line = (text: string) => text.split(" ").slice(0, 2).join(" ");
/** Valid from `from` to `to`, seconds from now. */
const between = (from: number, to: number) => `0x${(NOW + from).toString(16)}:0x${(NOW + to).toString(16)}`;
const good = (...more: string[]) =>
  line(certify(folder.path, ada, seatKey, "-n", "seat", "-V", between(-60, 8 * HOUR), ...more));
const blobOf = (text: string) => parseKeyLine(text)?.blob ?? Buffer.alloc(0);

const open = () =>
  new Seat({
    ...{ run, folder: place(), group: null, keyFile: join(folder.path, "seat.pub") },
    clock: {
      ...{ monotonic: () => clock.monotonic, wall: () => clock.wall },
      after: (ms, then) => {
        expect(ms).toBe(LOOK_EVERY_MS);
        waiting.push(then);
        return () => {
          waiting = waiting.filter((one) => one !== then);
        };
      },
    },
    ...{ changed: () => (changes += 1), digits: () => next++ },
  });
/** The timer goes off, as often as it was set. */
const look = () => {
  for (const then of waiting.splice(0)) then();
};
const grant = async (code: string, certificate: string, principal = "ada") => {
  seat.spendCode(code);
  return seat.grant(certificate, { principal, key: { fingerprint: ada.fingerprint } });
};
const admits = (blob: string) => {
  try {
    seat.check({ blob });
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: "seat-certificate" });
    return false;
  }
};

beforeEach(() => {
  clock = { monotonic: 1_000_000, wall: NOW * 1000 };
  changes = 0;
  next = 7;
  waiting = [];
  writeFileSync(join(folder.path, "seat.pub"), `${seatKey.line}\n`);
  rmSync(place(), { recursive: true, force: true });
  seat = open();
});

describe("the code", () => {
  const fresh = (time = { now: 0 }) => {
    let last = 0;
    return makeSeatCode(
      () => time.now,
      () => (last += 1),
    );
  };

  test("is not guessed: whatever is not it is refused", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(text.replaceAll("-", "") !== "00000001");
        expect(fresh().take(text)).toBe(false);
      }),
    );
  });

  test("is another one after five wrong tries, and only then", () => {
    const code = fresh();
    for (let tries = 1; tries < TRIES; tries++) {
      expect(code.take("9999-9999")).toBe(false);
      expect(code.shown).toBe("0000-0001");
    }
    expect(code.take("9999-9999")).toBe(false);
    expect(code.shown).toBe("0000-0002");
    expect(code.take("0000-0001")).toBe(false);
  });

  test("is good once", () => {
    const code = fresh();
    expect(code.take("0000-0001")).toBe(true);
    expect(code.take("0000-0001")).toBe(false);
    expect(code.take("00000002")).toBe(true);
  });

  test("is too old after ten minutes, whether or not somebody looked", () => {
    const time = { now: 5 };
    const code = fresh(time);
    expect(code.renewIfOld()).toBe(false);
    time.now += CODE_LIFETIME_MS;
    expect(code.take("0000-0001")).toBe(false);
    expect(code.renewIfOld()).toBe(true);
    expect(code.take("0000-0002")).toBe(true);
  });

  test("is eight digits of the system's randomness", () => {
    const codes = Array.from({ length: 50 }, () => makeSeatCode(() => 0).shown);
    for (const one of codes) expect(one).toMatch(/^\d{4}-\d{4}$/);
    expect(new Set(codes).size).toBeGreaterThan(45);
  });

  test("lies in a file that only root and the group of the screen read, a new one after use and with time", () => {
    expect(shown()).toBe(`${CODE}\n`);
    expect(statSync(join(place(), "code")).mode & 0o777).toBe(0o640);
    expect(() => seat.spendCode("1234-5678")).toThrow("not the code");
    expect(shown()).toBe(`${CODE}\n`);
    seat.spendCode(CODE);
    expect(shown()).toBe("0000-0008\n");
    clock.monotonic += CODE_LIFETIME_MS;
    look();
    expect(shown()).toBe("0000-0009\n");
  });
});

describe("a certificate is refused", () => {
  const cases: readonly (readonly [string, () => string, RegExp])[] = [
    ["that is no certificate", () => line(seatKey.line), /cannot be read/],
    ["that is no line", () => "what", /no line/],
    [
      "of another key",
      () => line(certify(folder.path, ada, mallory, "-n", "seat", "-V", between(0, 60))),
      /another key/,
    ],
    [
      "of another signer",
      () => line(certify(folder.path, mallory, seatKey, "-n", "seat", "-V", between(0, 60))),
      /signed by/,
    ],
    ["for nobody", () => line(certify(folder.path, ada, seatKey, "-V", between(0, 60))), /principal/],
    [
      "for somebody else",
      () => line(certify(folder.path, ada, seatKey, "-n", "ada", "-V", between(0, 60))),
      /principal/,
    ],
    [
      "for somebody else, too",
      () => line(certify(folder.path, ada, seatKey, "-n", "seat,ada", "-V", between(0, 60))),
      /principal/,
    ],
    [
      "of a host",
      () => line(certify(folder.path, ada, seatKey, "-h", "-n", "seat", "-V", between(0, 60))),
      /not for a user/,
    ],
    ["with critical options", () => good("-O", "force-command=x"), /critical/],
    [
      "that is valid for ever",
      () => line(certify(folder.path, ada, seatKey, "-n", "seat", "-V", "always:forever")),
      /longer/,
    ],
    [
      "that is valid for too long",
      () => line(certify(folder.path, ada, seatKey, "-n", "seat", "-V", between(0, 8 * HOUR + 301))),
      /longer/,
    ],
    [
      "that has expired",
      () => line(certify(folder.path, ada, seatKey, "-n", "seat", "-V", between(-600, 0))),
      /expired/,
    ],
    [
      "that is not valid yet",
      () => line(certify(folder.path, ada, seatKey, "-n", "seat", "-V", between(301, 600))),
      /not valid yet/,
    ],
  ];
  test.each(cases)("%s", async (_what, make, why) => {
    const refused = expect(grant(CODE, make())).rejects;
    await refused.toMatchObject({ code: "seat-certificate", text: expect.stringMatching(why) });
    expect(files()).toEqual(["code"]);
    expect(seat.granted).toBeNull();
    expect(changes).toBe(0);
  });

  test("whose signature was changed, by ssh-keygen", async () => {
    const blob = Buffer.from(blobOf(good()));
    blob[blob.length - 3] = (blob.at(-3) ?? 0) ^ 1;
    const certificate = `ssh-ed25519-cert-v01@openssh.com ${blob.toString("base64")}`;
    const refused = expect(grant(CODE, certificate)).rejects;
    await refused.toMatchObject({ code: "seat-certificate", text: expect.stringContaining("ssh-keygen") });
    expect(files()).toEqual(["code"]);
  });

  test("while the seat has no key", async () => {
    rmSync(join(folder.path, "seat.pub"));
    const refused = expect(grant(CODE, good())).rejects;
    await refused.toMatchObject({ text: expect.stringContaining("multiverse-seat-agent") });
  });

  test("with the wrong code, before anything else is looked at; the right one is used up by a wrong certificate", async () => {
    await expect(grant("1111-1111", "what")).rejects.toMatchObject({
      code: "presence",
    });
    await expect(grant(CODE, "what")).rejects.toMatchObject({
      code: "seat-certificate",
    });
    await expect(grant(CODE, good())).rejects.toMatchObject({ code: "presence" });
  });
});

describe("an unlocked seat", () => {
  let certificate: string;
  let admitted: string;
  beforeEach(async () => {
    certificate = good();
    admitted = fingerprint(blobOf(certificate));
    expect(admits(admitted)).toBe(false);
    await grant(CODE, certificate);
  });
  const expectLocked = () => {
    expect(files()).toEqual(["code"]);
    expect(seat.granted).toBeNull();
    expect(admits(admitted)).toBe(false);
    expect(changes).toBe(2);
  };

  test("tells by whom and until when, and has its certificate where the screen reads it", () => {
    expect(seat.granted).toMatchObject({ by: "ada", until: (NOW + 8 * HOUR) * 1000 });
    expect(readFileSync(join(place(), "certificate"), "utf8")).toBe(`${certificate} ada\n`);
    expect(statSync(join(place(), "certificate")).mode & 0o777).toBe(0o640);
    expect(changes).toBe(1);
  });

  test("admits this certificate only: another one by the same admin for the same key is not it", () => {
    expect(admits(admitted)).toBe(true);
    expect(admits(fingerprint(blobOf(good("-z", "2"))))).toBe(false);
  });

  test("is locked by seat.drop, once", async () => {
    seat.drop();
    expectLocked();
    seat.drop();
    expect(changes).toBe(2);
  });

  test("is locked when its time is over, though the clock was set back", async () => {
    clock.monotonic += 8 * HOUR * 1000 - 1;
    clock.wall -= 86_400_000;
    look();
    expect(admits(admitted)).toBe(true);
    clock.monotonic += 1;
    expect(admits(admitted)).toBe(false);
    expect(seat.granted).toBeNull();
    look();
    expectLocked();
  });

  test("is locked when the clock says so, whatever has passed", async () => {
    clock.wall = (NOW + 8 * HOUR) * 1000 - 1;
    look();
    expect(admits(admitted)).toBe(true);
    clock.wall += 1;
    expect(admits(admitted)).toBe(false);
    look();
    expectLocked();
  });

  test("takes another certificate in its place, and a refused one changes nothing", async () => {
    await expect(grant("0000-0008", "what")).rejects.toThrow();
    expect(admits(admitted)).toBe(true);
    const other = good("-z", "3");
    await grant("0000-0009", other, "bob");
    expect(admits(admitted)).toBe(false);
    expect(admits(fingerprint(blobOf(other)))).toBe(true);
    expect(seat.granted?.by).toBe("bob");
  });

  test("stays so for a daemon that starts again, and not for longer", () => {
    seat.close();
    expect(waiting).toEqual([]);
    clock.monotonic += HOUR * 1000;
    clock.wall += HOUR * 1000;
    seat = open();
    expect(admits(admitted)).toBe(true);
    expect(seat.granted).toMatchObject({ by: "ada", until: (NOW + 8 * HOUR) * 1000 });
    clock.monotonic += 7 * HOUR * 1000;
    expect(admits(admitted)).toBe(false);
    expect(files()).toEqual(["code"]);
  });

  test.each([
    ["it has expired meanwhile", () => (clock.wall += 8 * HOUR * 1000)],
    ["the clock was set back to before it", () => (clock.wall -= 2 * HOUR * 1000)],
    ["the seat has another key now", () => writeFileSync(join(folder.path, "seat.pub"), `${mallory.line}\n`)],
    ["the file was cut", () => writeFileSync(join(place(), "certificate"), certificate.slice(0, 90))],
    ["nobody granted it", () => writeFileSync(join(place(), "certificate"), certificate)],
  ])("is locked by a daemon that starts again when %s", (_what, happens) => {
    happens();
    seat = open();
    expect(seat.granted).toBeNull();
    expect(files()).toEqual(["code"]);
  });
});
