// The code that is shown on tty1 only: whoever can say it stands at the machine. Good for one use, a few tries and ten minutes.
import { createHash, randomInt, timingSafeEqual } from "node:crypto";

/** Wrong ones until there is a new code: a guesser's chance is 5 in 100 million for each. */
export const TRIES = 5;
export const CODE_LIFETIME_MS = 600_000;

export interface SeatCode {
  /** What is to be shown now, "4821-7730". */
  readonly shown: string;
  /** Whether this is the code; a right one is used up, and after too many wrong ones there is a new one. */
  take(code: string): boolean;
  /** Makes a new one if this one is too old; whether it did. */
  renewIfOld(): boolean;
}

/** @param monotonic milliseconds @param digits a whole number from 0 to 99,999,999, by default from the system's randomness */
export function makeSeatCode(monotonic: () => number, digits = () => randomInt(100_000_000)): SeatCode {
  let code = "";
  let made = 0;
  let wrong = 0;
  const renew = () => {
    const text = String(digits()).padStart(8, "0");
    code = `${text.slice(0, 4)}-${text.slice(4)}`;
    made = monotonic();
    wrong = 0;
  };
  const old = () => monotonic() - made >= CODE_LIFETIME_MS;
  renew();
  return {
    get shown() {
      return code;
    },
    take: (said) => {
      // One that is too old is no code any more, even if nobody has renewed it yet.
      const right = same(said, code) && !old();
      if (!right) wrong += 1;
      if (right || wrong >= TRIES) renew();
      return right;
    },
    renewIfOld: () => {
      if (!old()) return false;
      renew();
      return true;
    },
  };
}

/** The dash is for reading: with and without it is the same. Takes as long for any text. */
function same(said: string, code: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text.replaceAll("-", "")).digest();
  return timingSafeEqual(digest(said), digest(code));
}
