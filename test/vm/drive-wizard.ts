// Goes through the whole wizard as a person would: looks at each screen, answers it, keeps its picture.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ConsoleScreen, waitForScreen } from "./console-screen.ts";
import { EXPECTED } from "./host-spec.ts";
import { type Context, DEADLINE } from "./scenario.ts";

export interface Sitting {
  screen: ConsoleScreen;
  /** Keeps a picture of the screen in the artefacts. */
  picture(name: string): Promise<void>;
}

export interface WizardAnswers {
  password: string;
  /** Layout to choose; default the one that goes with the language, us. */
  keyboard?: string;
  /** What the row of the disk to choose shows; it must be the one that the pointer stands on. */
  disk: RegExp;
}

/** A row that the pointer stands before; its sign depends on the console's font. */
export function pointed(text: string): RegExp {
  return new RegExp(`^\\S\\s+(\\d )?${text}`, "m");
}

async function pointsAt(screen: ConsoleScreen, text: string): Promise<boolean> {
  return pointed(text).test((await screen.read()).join("\n"));
}

const FAILED = /Stopped at step|This is a bug/;

/** From the first screen to the review. */
export async function answerEverything(context: Context, sitting: Sitting, answers: WizardAnswers): Promise<void> {
  const { screen } = sitting;
  const at = async (name: string, pattern: RegExp) => {
    const rows = await waitForScreen(screen, pattern, { deadlineMs: DEADLINE.boot });
    await keep(context, sitting, name, rows);
    return rows;
  };
  await at("1-language", /Language and keyboard/);
  await screen.press("enter");
  await waitForScreen(screen, pointed("us "));
  for (const layout = answers.keyboard ?? "us"; !(await pointsAt(screen, `${layout} `)); ) await screen.press("down");
  await screen.press("enter");
  await at("2-target", /What do you want to install/);
  await screen.press("enter");
  await at("3-spec", /Do you have a spec/);
  await screen.press("enter");
  const disks = await at("4-disks", /Where should the system go[\s\S]*after /);
  context.check(
    "the pointer stands on the target disk",
    disks.some((row) => /^\S/.test(row) && answers.disk.test(row)),
    disks.join("\n"),
  );
  await screen.press("enter");
  await at("5-encryption", /Should the disk be encrypted/);
  await screen.press("down");
  await waitForScreen(screen, pointed("Not encrypted"));
  await screen.press("enter");
  await at("6-identity", /Who is this machine/);
  for (const text of [EXPECTED.host, EXPECTED.user, answers.password, answers.password]) {
    await screen.type(text);
    await screen.press("tab");
  }
  await waitForScreen(screen, pointed("ssh key"));
  await screen.press("tab");
  await waitForScreen(screen, pointed("Admin key"));
  await keep(context, sitting, "6-identity-filled", await screen.read());
  await screen.press("enter");
  await at("7-review", /This is what will happen/);
}

/** From the review to the end of the install. */
export async function confirmAndWait(context: Context, sitting: Sitting): Promise<void> {
  await confirm(context, sitting);
  await waitForInstalled(context, sitting);
}

export async function waitForInstalled(context: Context, sitting: Sitting): Promise<void> {
  const { screen } = sitting;
  await context.timed("the install, on the screen", () =>
    waitForScreen(screen, /is installed/, { deadlineMs: DEADLINE.install, unless: FAILED }),
  );
  await keep(context, sitting, "9-done", await screen.read());
}

/** Types the host's name and sees the install begin. */
export async function confirm(context: Context, sitting: Sitting): Promise<void> {
  const { screen } = sitting;
  await screen.press("tab");
  await screen.type(EXPECTED.host);
  await waitForScreen(screen, new RegExp(`\\[${EXPECTED.host.replaceAll(".", "\\.")}`));
  await keep(context, sitting, "7-review-confirmed", await screen.read());
  await screen.press("enter");
  const rows = await waitForScreen(screen, /Installing [\s\S]*step \d+ of \d+/, { unless: FAILED });
  await keep(context, sitting, "8-running", rows);
}

/** Keeps what a screen shows, as a picture and as text. */
export async function keep(context: Context, sitting: Sitting, name: string, rows: readonly string[]): Promise<void> {
  context.log(`screen ${name}`);
  await sitting.picture(name);
  await writeFile(join(context.folder, `${name}.txt`), `${rows.join("\n")}\n`);
}
