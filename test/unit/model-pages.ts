// A disk's content as pieces: what it had at the beginning, and what was written over it.

/** Bytes from `start` up to `end`; `was` is where on the disk they were at the beginning, null for what was written. */
export interface Piece {
  start: number;
  end: number;
  was: number | null;
  what: string;
}

export class ModelPages {
  #pieces: Piece[] = [];

  /** The pieces between two places, gaps filled with what has always been there. */
  read(start: number, end: number): Piece[] {
    const found: Piece[] = [];
    let at = start;
    for (const piece of this.#pieces) {
      if (piece.end <= start || piece.start >= end) continue;
      if (piece.start > at) found.push(untouched(at, piece.start));
      const cut = part(piece, Math.max(piece.start, start), Math.min(piece.end, end));
      found.push(cut);
      at = cut.end;
    }
    if (at < end) found.push(untouched(at, end));
    return found;
  }

  /** Writes pieces that were read from `from` to `to` and on. */
  write(pieces: readonly Piece[], from: number, to: number): void {
    for (const piece of pieces) {
      const moved = { ...piece, start: piece.start - from + to, end: piece.end - from + to };
      this.#pieces = [
        ...this.#pieces.flatMap((old) => [
          ...(old.start < moved.start ? [part(old, old.start, Math.min(old.end, moved.start))] : []),
          ...(old.end > moved.end ? [part(old, Math.max(old.start, moved.end), old.end)] : []),
        ]),
        ...(isOriginal(moved) ? [] : [moved]),
      ].sort((a, b) => a.start - b.start);
    }
  }

  /** What is not as it was at the beginning. */
  changed(): Piece[] {
    return this.#pieces;
  }

  original(start: number, end: number): boolean {
    return !this.#pieces.some((piece) => piece.start < end && piece.end > start);
  }
}

export const filled = (start: number, end: number, what: string): Piece => ({ start, end, was: null, what });
const untouched = (start: number, end: number): Piece => ({ start, end, was: start, what: "old" });
const isOriginal = ({ start, was }: Piece): boolean => was === start;

function part(piece: Piece, start: number, end: number): Piece {
  return { ...piece, start, end, was: piece.was === null ? null : piece.was + (start - piece.start) };
}
