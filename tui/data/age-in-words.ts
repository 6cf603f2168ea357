// How old something is, short enough for a column.

export interface AgeUnits {
  second: string;
  minute: string;
  hour: string;
  day: string;
}

/** The signs of the SI and their neighbours; the same in English, German and Polish. */
export const AGE_UNITS: AgeUnits = { second: "s", minute: "min", hour: "h", day: "d" };

/** Of whole seconds: "2 s", "3 min", "4 h", "12 d". Rounded down: nothing is said to be older than it is. */
export function ageInWords(seconds: number, units: AgeUnits = AGE_UNITS): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} ${units.second}`;
  if (whole < 3600) return `${Math.floor(whole / 60)} ${units.minute}`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} ${units.hour}`;
  return `${Math.floor(whole / 86_400)} ${units.day}`;
}
