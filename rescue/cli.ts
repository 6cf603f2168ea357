// `multiverse rescue build|verify`: reads its words, calls the builder, says what came out.
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { ActionableError, EXIT } from "../core/errors.ts";
import type { Run } from "../core/tools/run.ts";
import { buildImages, defaultCache, type Image, type Images } from "./build.ts";
import { verifyImages } from "./verify.ts";

export const RESCUE_HELP = `multiverse rescue: builds the rescue stick and the files for direct boot

  multiverse rescue build [--only live|usb|tiny] [--repin|--pinned] [--json]
  multiverse rescue verify

  --cache DIR   where results are kept (default: $XDG_CACHE_HOME/multiverse or ~/.cache/multiverse)
  --repo DIR    the checkout to build from (default: the one that this program is in)
  --only IMAGE  build this image only; may be given more than once (default: live and usb)
                tiny: a live image for tests, which installs a root of some 45 MB instead of the host
  --repin       move the pinned kernel and ZFS (rescue/kernel.yml) to the newest in the archive first
  --pinned      refuse when the mirror has lost what is pinned (default: build with the newest, and say so)
  --json        print the paths as JSON

  build needs root and a Debian mirror in this machine's apt configuration. What has not changed is not built again.
  verify builds what is missing, then opens the images and checks them.

Examples
  sudo multiverse rescue build
  sudo multiverse rescue build --only live --json
  sudo dd if="$(sudo multiverse rescue build --json | jq -r .usb)" of=/dev/disk/by-id/usb-… bs=4M conv=fsync
  sudo multiverse rescue verify
`;

/** Returns the exit code; `home` is the checkout to build from where `--repo` names no other; `out` gets what is for people and for scripts, line by line. Throws ActionableError or ProgramError. */
export async function rescueVerb(args: string[], home: string, run: Run, out: (line: string) => void): Promise<number> {
  const { verb, options } = readWords(args);
  if (options.help === true || verb === undefined) {
    out(RESCUE_HELP);
    return verb === undefined && options.help !== true ? EXIT.usage : EXIT.done;
  }
  const json = options.json === true;
  const images = await buildImages(run, {
    repo: resolve(options.repo ?? home),
    cache: resolve(options.cache ?? defaultCache()),
    want: wantedImages(options.only),
    repin: options.repin === true,
    pinned: options.pinned === true,
    onProgress: (line) => (json ? process.stderr.write(`${line}\n`) : out(line)),
  });
  if (json) out(JSON.stringify(images));
  else for (const line of await describe(images)) out(line);
  return verb === "verify" ? verify(run, images, out) : EXIT.done;
}

async function verify(run: Run, images: Images, out: (line: string) => void): Promise<number> {
  const checks = await verifyImages(run, images);
  for (const check of checks) out(`${check.ok ? "ok    " : "FAILED"}  ${check.name}: ${check.seen}`);
  const failed = checks.filter((check) => !check.ok).length;
  out(`${checks.length - failed} passed, ${failed} failed`);
  return failed === 0 ? EXIT.done : EXIT.stepFailed;
}

async function describe(images: Images): Promise<string[]> {
  const files = {
    kernel: images.vmlinuz,
    initramfs: images.initrd,
    live: images.live,
    program: images.program,
    stick: images.usb,
    tiny: images.tiny,
  };
  const lines: string[] = [];
  for (const [name, file] of Object.entries(files)) {
    if (file === "") continue;
    const mib = (await stat(file)).size / 1024 / 1024;
    lines.push(`${name.padEnd(10)} ${mib.toFixed(1).padStart(7)} MiB  ${file}`);
  }
  return lines;
}

function readWords(args: string[]) {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h" },
        cache: { type: "string" },
        repo: { type: "string" },
        only: { type: "string", multiple: true },
        repin: { type: "boolean" },
        pinned: { type: "boolean" },
        json: { type: "boolean" },
      },
    });
    const [verb, ...rest] = positionals;
    if (rest.length > 0 || (verb !== undefined && verb !== "build" && verb !== "verify")) {
      throw new Error(`unknown words: ${positionals.join(" ")}`);
    }
    return { verb, options: values };
  } catch (cause) {
    throw new ActionableError({
      code: "usage",
      exit: EXIT.usage,
      message: `multiverse rescue: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: "multiverse rescue --help",
      cause,
    });
  }
}

function wantedImages(only: string[] | undefined): readonly Image[] {
  const known: Image[] = ["live", "usb", "tiny"];
  return (only ?? ["live", "usb"]).map((name) => {
    const image = known.find((one) => one === name);
    if (image !== undefined) return image;
    throw new ActionableError({
      code: "usage",
      exit: EXIT.usage,
      message: `There is no image called ${name}.`,
      evidence: [`known: ${known.join(", ")}`],
    });
  });
}
