// What a terminal that does not say its size is taken for.
export const USUAL_SIZE = { columns: 80, rows: 24 } as const;
