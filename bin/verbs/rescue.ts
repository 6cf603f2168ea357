// `multiverse rescue`: builds the rescue images; everything about it is in rescue/.
import { EXIT } from "../../core/errors.ts";
import { packageHome } from "../../core/package-home.ts";
import type { Verb } from "../verb.ts";

const EXIT_CODES = Object.values(EXIT);

export const rescueVerb: Verb = {
  name: "rescue",
  summary: "build the rescue USB image and the files for direct boot",
  usage: "rescue build|verify [options]",
  about: ["Builds the image that installs from a USB stick. `multiverse rescue --help` shows its options."],
  options: {},
  examples: [{ line: "multiverse rescue build", does: "builds the image, or takes what is cached" }],
  words: [0, Number.POSITIVE_INFINITY],
  places: [["build", "verify"]],
  raw: true,
  async run({ run, out }, _args, raw) {
    const { rescueVerb: build } = await import("../../rescue/cli.ts");
    const status = await build([...raw], packageHome(), run, (line) => out(line.endsWith("\n") ? line : `${line}\n`));
    return EXIT_CODES.find((code) => code === status) ?? EXIT.bug;
  },
};
