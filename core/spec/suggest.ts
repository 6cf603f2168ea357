// "Did you mean": the nearest of a list of words, if one is near enough.

/** The word of `words` that takes the fewest edits from `given`; undefined when all are too far away to be meant. */
export function nearest(given: string, words: readonly string[]): string | undefined {
  const allowed = Math.max(1, Math.floor(given.length / 3));
  const ranked = words
    .map((word) => ({ word, distance: distance(given.toLowerCase(), word.toLowerCase()) }))
    .filter((one) => one.distance <= allowed || one.word.startsWith(given))
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.word;
}

/** Edits (insert, delete, replace, swap of neighbours) between two words. */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      current.push(best);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}
