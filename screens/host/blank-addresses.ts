// Takes addresses out of text: whoever walks past a locked screen learns that the network works, not where it is.

/** What stands for an address. */
export const BLANK = "···";

const IPV4 = /(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?(?!\d)/g;

/** Hardware addresses and IPv6: hex groups between colons; begun only where none can have begun before, so that it takes no time. */
const GROUPS = /(?<![\w:])[0-9a-f:]{2,}(?:%\w+)?(?:\/\d{1,3})?(?![\w:])/gi;

const DASHED = /(?<![\w-])[0-9a-f]{2}(?:-[0-9a-f]{2}){5}(?![\w-])/gi;

const TIME = /^\d\d:\d\d:\d\d$/;

export function blankAddresses(text: string): string {
  return text
    .replace(IPV4, BLANK)
    .replace(GROUPS, (found) => (found.split(":").length > 2 && !TIME.test(found) ? BLANK : found))
    .replace(DASHED, BLANK);
}
