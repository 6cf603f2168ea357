// What a booted tiny root says of itself (docs/formats/live-medium.md), as named parts.

export type TinyReport = Readonly<Record<string, string>>;

/** The last whole report in a console's text; throws where there is none. */
export function parseTinyReport(text: string): TinyReport {
  const found = [...text.replaceAll("\r", "").matchAll(/MULTIVERSE-TINY-BEGIN\n([\s\S]*?)MULTIVERSE-TINY-END/g)].at(-1);
  if (found === undefined) throw new Error("there is no whole report of the tiny root in this text");
  const parts = (found[1] ?? "").split(/^== /m).slice(1);
  return Object.fromEntries(
    parts.map((part) => {
      const end = part.indexOf("\n");
      return [part.slice(0, end), part.slice(end + 1).trimEnd()];
    }),
  );
}

/** The lines of a part that is there. */
export const linesOf = (report: TinyReport, part: string): string[] =>
  (report[part] ?? "").split("\n").filter((line) => line !== "");

/** "PATH=… SIZE=…" lines as records. */
export const pairsOf = (report: TinyReport, part: string): Record<string, string>[] =>
  linesOf(report, part).map((line) =>
    Object.fromEntries([...line.matchAll(/([A-Z]+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, value])),
  );
