// A progress event as a line: share, bytes, rate, time left.
import type { InstallEvent } from "../../core/execute/events.ts";

type Progress = Extract<InstallEvent, { event: "progress" }>;

const MEGA = 1_000_000;

export function progressLine({ bytes, total, rate, left }: Progress): string {
  const share = total === null ? "" : `${String(Math.floor((Number(bytes) * 100) / Number(total))).padStart(3)} %  `;
  const of = total === null ? "" : ` of ${mega(total)}`;
  const time = left === null ? "" : `, ${left} s left`;
  return `${share}${mega(bytes)}${of} MB, ${mega(rate)} MB/s${time}`;
}

function mega(bytes: string): string {
  return (Number(bytes) / MEGA).toFixed(1);
}
