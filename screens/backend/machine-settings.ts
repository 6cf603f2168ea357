// Settings of the running rescue system: the console's keyboard; and password hashes, made by the system's own tool.
import { ActionableError, EXIT } from "../../core/errors.ts";
import type { Run } from "../../core/tools/run.ts";

/** crypt(5) SHA-512, salted; the password goes by standard input. */
export async function hashPassword(run: Run, password: string): Promise<string> {
  const { stdout } = await run(["openssl", "passwd", "-6", "-stdin"], { secret: Buffer.from(`${password}\n`) });
  return stdout.trim();
}

/** Loads a layout (`de`, `de:nodeadkeys`) for the console; throws where the terminal has its own keyboard. */
export async function applyKeyboard(run: Run, keyboard: string, tty: string | null): Promise<void> {
  if (tty === null || !/^\/dev\/tty[0-9]+$/.test(tty)) return;
  const [layout = "us", variant] = keyboard.split(":");
  try {
    const compile = ["ckbcomp", "-model", "pc105", "-layout", layout, ...(variant ? ["-variant", variant] : [])];
    await run.pipe([compile as ["ckbcomp", ...string[]], ["loadkeys", "-q", "-C", tty, "-"]]);
  } catch (cause) {
    throw new ActionableError({
      code: "keyboard-not-set",
      exit: EXIT.refused,
      message: `The keyboard ${keyboard} could not be set for this console; it stays as it is.`,
      hint: "It is set on the installed system all the same.",
      cause,
    });
  }
}
