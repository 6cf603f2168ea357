// Saves a failure report where it can be taken away: on the medium's writable partition.
import { ActionableError, EXIT } from "../errors.ts";
import { writeDurably } from "../execute/journal.ts";
import { type JournalPlace, journalPlace } from "../execute/journal-place.ts";
import type { FailureReport } from "./failure-report.ts";

/**
 * Writes `report-<time>.txt` and gives its path; the report is on the medium when this returns.
 * @throws ActionableError `no-place-for-report` (exit 4), `report-not-saved` (exit 5)
 */
export function saveReport(
  report: FailureReport,
  place: JournalPlace = journalPlace(),
  when: Date = new Date(),
): string {
  if (!place.durable) {
    throw new ActionableError({
      code: "no-place-for-report",
      exit: EXIT.refused,
      message: "There is no medium to save the report on.",
      evidence: ["no writable partition labelled MULTIVERSE belongs to the medium that this machine was started from"],
      hint: "Take its essentials from the screen: the QR code holds them.",
    });
  }
  // FAT knows no colon.
  const time = when
    .toISOString()
    .replace(/\.[0-9]+Z$/, "Z")
    .replaceAll(":", "");
  const path = `${place.path}/report-${time}.txt`;
  try {
    writeDurably(path, report.text);
  } catch (cause) {
    throw new ActionableError({
      code: "report-not-saved",
      exit: EXIT.stepFailed,
      message: "The report could not be saved.",
      evidence: [cause instanceof Error ? cause.message : String(cause)],
      hint: "Is the stick still plugged in, and is there room on it?",
      cause,
    });
  }
  return path;
}
