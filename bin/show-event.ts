// What an installation tells, as lines for a person.
import type { InstallEvent } from "../core/execute/events.ts";
import { sizeInWords } from "../core/size-in-words.ts";

export function eventAsText(event: InstallEvent): string {
  switch (event.event) {
    case "plan":
      return `installing ${event.host}: ${event.steps} steps, plan ${event.hash.slice(0, 12)}\n`;
    case "journal":
      return event.durable
        ? `journal: ${event.where}\n`
        : `journal: ${event.where}, in memory: a power cut cannot be resumed\n`;
    case "step":
      return event.state === "start"
        ? `${event.index}/${event.of} ${event.title}\n`
        : event.state === "skipped"
          ? `${event.index}/${event.of} ${event.title}: done before\n`
          : "";
    case "progress": {
      const total = event.total === null ? "" : ` of ${sizeInWords(Number(event.total))}`;
      const left = event.left === null ? "" : `, ${event.left} s left`;
      return `    ${sizeInWords(Number(event.bytes))}${total}, ${sizeInWords(Number(event.rate))}/s${left}\n`;
    }
    case "begin":
      return "";
    case "log":
      return `    ${event.line}\n`;
    case "warning":
      return `! ${event.message}\n`;
    case "stopped":
      return `stopped after step ${event.index} of ${event.of}, as told: ${event.title}\n`;
    case "done":
      return `done in ${Math.round(event.ms / 1000)} s\n`;
    case "failed":
      return "";
    default:
      throw new Error(`unknown event ${JSON.stringify(event satisfies never)}`);
  }
}
