// Takes fields out of JSON that iproute2 wrote: what is missing or of another type is null, and never an error.

export type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function objects(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

export function object(from: Fields, key: string): Fields {
  const value = from[key];
  return isFields(value) ? value : {};
}

export function text(from: Fields, key: string): string | null {
  const value = from[key];
  return typeof value === "string" && value !== "" ? value : null;
}

export function number(from: Fields, key: string): number | null {
  const value = from[key];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function texts(from: Fields, key: string): string[] {
  const value = from[key];
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
