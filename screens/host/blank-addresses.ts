// Takes addresses out of text: whoever walks past a locked screen learns that the network works, not where it is.

/** What stands for an address. */
export const BLANK = "···";

/** IPv4; hardware addresses; anything of hex groups with two colons or more, but for a time of day. */
const ADDRESSES = [
  /(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?(?!\d)/g,
  /(?<![\w:])(?!\d\d:\d\d:\d\d(?![\w:]))(?=[0-9a-f:.%]*:[0-9a-f:]*:)[0-9a-f:]+(?:\d{1,3}(?:\.\d{1,3}){3})?(?:%\w+)?(?:\/\d{1,3})?(?![\w:])/gi,
  /(?<![\w-])[0-9a-f]{2}(?:-[0-9a-f]{2}){5}(?![\w-])/gi,
];

export function blankAddresses(text: string): string {
  return ADDRESSES.reduce((rest, address) => rest.replace(address, BLANK), text);
}
