// The sizes of terminal that every screen is looked at in.
export const SIZES: readonly { columns: number; rows: number }[] = [
  { columns: 40, rows: 12 },
  { columns: 80, rows: 24 },
  { columns: 80, rows: 25 },
  { columns: 160, rows: 50 },
  { columns: 240, rows: 67 },
];
