// `multiverse rescue`: builds the rescue images; everything about it is in rescue/.
import type { Verb } from "../verb.ts";

export const rescueVerb: Verb = {
  name: "rescue",
  summary: "build the rescue USB image",
  usage: "rescue build [options]",
  about: ["Builds the image that installs from a USB stick. `multiverse rescue build --help` shows its options."],
  options: {},
  examples: [{ line: "multiverse rescue build", does: "builds the image, or takes what is cached" }],
  words: [0, Number.POSITIVE_INFINITY],
  raw: true,
  async run({ run, out }, _args, raw) {
    const { rescueVerb: build } = await import("../../rescue/cli.ts");
    await build([...raw], run, out);
    return undefined;
  },
};
