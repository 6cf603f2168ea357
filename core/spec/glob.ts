// Patterns with * and ? for names that devices give themselves; case and outer spaces do not matter.

/** Whether the whole text fits the pattern. Linear in time: no pattern makes it slow. */
export function globMatches(pattern: string, text: string): boolean {
  const wanted = pattern.trim().toLowerCase();
  const given = text.trim().toLowerCase();
  let at = 0;
  let want = 0;
  let star = -1;
  let resume = 0;
  while (at < given.length) {
    if (want < wanted.length && wanted[want] === "*") {
      star = want;
      resume = at;
      want += 1;
    } else if (want < wanted.length && (wanted[want] === "?" || wanted[want] === given[at])) {
      at += 1;
      want += 1;
    } else if (star >= 0) {
      want = star + 1;
      resume += 1;
      at = resume;
    } else {
      return false;
    }
  }
  return [...wanted.slice(want)].every((char) => char === "*");
}
