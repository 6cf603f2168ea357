// Two hundred controllers more: what that costs the daemon and the screen, and whether the list on tty1 can be walked through.
import { waitForScreen } from "./console-screen.ts";
import type { Bench } from "./login-vms.ts";
import { defineMany } from "./tiny-controllers.ts";

const MORE = 200;
const LAST = `spare-${MORE}`;

export async function manyControllers(bench: Bench): Promise<void> {
  const { context, watch, screen, run, virsh, picture } = bench;
  const before = await memory(bench);
  const few = await watch.snapshot();
  const defined = await context.timed(`${MORE} controllers defined`, () => run(defineMany(MORE)));
  context.same("all of them could be defined", `${defined.exit} ${defined.output}`, "0 ");
  const names = (await virsh("list --all --name")).split("\n").filter((line) => line !== "");
  await watch.becomes(LAST, "off");
  const snapshot = await watch.snapshot();
  context.same("all are told of", String(snapshot.controllers), String(names.length));
  context.same("without a failure", String(snapshot.failure), "null");
  const after = await memory(bench);
  const times = [few, snapshot].map(
    ({ median, most, bytes }) => `${median.toFixed(1)} (${most.toFixed(1)}) ms, ${bytes} bytes`,
  );
  context.log(`from connecting to the whole snapshot, median (most) of 20: ${times.join("; then ")}`);
  context.log(
    `RSS of daemon and screen in MB: ${before.join(", ")}; with ${MORE} controllers more ${after.join(", ")}`,
  );
  context.check("the daemon stays below 90 MB", (after[0] ?? Number.NaN) <= 90, after.join());
  context.check("the screen stays below 100 MB", (after[1] ?? Number.NaN) <= 100, after.join());

  await waitForScreen(screen, new RegExp(`Controllers ${names.length}\\b`));
  await picture("many");
  await bench.end();
  const end = await waitForScreen(screen, new RegExp(LAST));
  context.check("at the end of the list the first is out of sight", !/\bgames /.test(end.join("\n")), end.join("\n"));
  await picture("many-end");
  // "work" is behind them all
  await screen.press("up");
  await screen.press("enter");
  const page = (await waitForScreen(screen, /starts itself/)).join("\n");
  context.check("the page of one in that list is opened", page.includes(LAST) && !page.includes("spare-199"), page);
  await picture("many-page");
  await screen.press("escape");
  await waitForScreen(screen, /spare-199/);
}

/** Megabytes (10^6) that are resident: the daemon, the screen. */
async function memory({ run }: Bench): Promise<number[]> {
  const { output } = await run(`ps -o rss= -p "$(systemctl show -P MainPID multiversed)"
ps -u multiverse-screen -o rss= | sort -n | tail -n 1`);
  return output
    .trim()
    .split("\n")
    .map((kib) => Math.round(Number(kib) * 1.024) / 1000);
}
