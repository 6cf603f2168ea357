// Lines of a stream that may never end one: what is longer than it may be is cut, and nothing is kept beyond one line.

/** Returns a function to feed with text as it comes; `onLine` gets each complete line without its end, cut after `most` characters. */
export function cutLines(most: number, onLine: (line: string) => void): (text: string) => void {
  let rest = "";
  return (text) => {
    let from = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
      const line = rest + text.slice(from, Math.min(end, from + most - rest.length));
      rest = "";
      from = end + 1;
      onLine(line);
    }
    if (rest.length < most && from < text.length) rest += text.slice(from, from + most - rest.length);
  };
}
