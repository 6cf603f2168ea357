import { execFile } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const run = promisify(execFile);
const LAUNCHER = new URL("../../bin/multiverse", import.meta.url);

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launcher-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** An installed package with a bundle that prints its arguments, and a node that is as old as it is said to be. */
async function installed(name: string, node: string): Promise<{ home: string; env: NodeJS.ProcessEnv }> {
  const home = join(folder, name);
  await mkdir(join(home, "bin"), { recursive: true });
  await mkdir(join(home, "dist"));
  await cp(LAUNCHER, join(home, "bin/multiverse"));
  await writeFile(join(home, "dist/multiverse.mjs"), "");
  await mkdir(join(home, "path"));
  await writeFile(join(home, "path/node"), `#!/bin/sh\n[ "$1" = --version ] && echo ${node} || echo "node $*"\n`);
  await chmod(join(home, "path/node"), 0o755);
  return { home, env: { PATH: `${join(home, "path")}:/usr/bin:/bin` } };
}

describe("bin/multiverse as an installed package", () => {
  test("starts the bundle with the words as they are", async () => {
    const { home, env } = await installed("new", "v26.1.0");
    const { stdout } = await run(join(home, "bin/multiverse"), ["probe", "a b", "$x"], { env });
    expect(stdout).toBe(`node ${home}/dist/multiverse.mjs probe a b $x\n`);
  });

  test("through links to links, absolute and relative", async () => {
    const { home, env } = await installed("linked", "v24.0.0");
    await symlink(join(home, "bin/multiverse"), join(folder, "absolute"));
    await symlink("absolute", join(folder, "relative"));
    const { stdout } = await run(join(folder, "relative"), [], { env, cwd: "/" });
    expect(stdout).toContain(`${home}/dist/multiverse.mjs`);
  });

  test("refuses a node that is too old, and says which", async () => {
    const { home, env } = await installed("old", "v22.9.1");
    await expect(run(join(home, "bin/multiverse"), [], { env })).rejects.toMatchObject({
      code: 70,
      stderr: `multiverse: node 24 or newer is needed; ${home}/path/node is v22.9.1\n`,
    });
  });

  test("passes the exit code on", async () => {
    const { home, env } = await installed("exits", "v26.0.0");
    await writeFile(join(home, "path/node"), '#!/bin/sh\n[ "$1" = --version ] && echo v26.0.0 || exit 4\n');
    await expect(run(join(home, "bin/multiverse"), [], { env })).rejects.toMatchObject({ code: 4 });
  });
});

describe("bin/multiverse in a clone", () => {
  /** A clone whose packages are there, with a bundler that writes how often it was called. */
  async function clone(name: string): Promise<{ home: string; env: NodeJS.ProcessEnv; bundled(): Promise<number> }> {
    const { home, env } = await installed(name, "v26.0.0");
    await mkdir(join(home, "core"));
    await mkdir(join(home, "node_modules/.bin"), { recursive: true });
    for (const file of ["core/a.ts", "package.json", "rolldown.config.js", "node_modules/.package-lock.json", "calls"])
      await writeFile(join(home, file), "");
    const bundler = `#!/bin/sh\ncase "$1" in *cli.mjs) echo x >>${home}/calls; [ ! -e ${home}/broken ] || { echo "no such module" >&2; exit 1; }; mkdir -p "$5/chunks"; : >"$5/multiverse.mjs"; : >"$5/chunks/a-1.mjs" ;; *) echo started ;; esac\n`;
    await writeFile(join(home, "node_modules/.bin/node"), bundler);
    await chmod(join(home, "node_modules/.bin/node"), 0o755);
    await rm(join(home, "dist"), { recursive: true });
    return { home, env, bundled: async () => (await readFile(join(home, "calls"), "utf8")).split("\n").length - 1 };
  }

  test("bundles when there is no bundle or a source is newer, and not otherwise", async () => {
    const { home, env, bundled } = await clone("clone");
    const start = () => run(join(home, "bin/multiverse"), [], { env });
    expect((await start()).stdout).toBe("started\n");
    await start();
    expect(await bundled()).toBe(1);
    await run("touch", ["-d", "+1 minute", join(home, "core/a.ts")]);
    await start();
    expect(await bundled()).toBe(2);
  });

  test("a bundler that fails is shown, and nothing half-made stays", async () => {
    const { home, env } = await clone("broken");
    await writeFile(join(home, "broken"), "");
    await expect(run(join(home, "bin/multiverse"), [], { env })).rejects.toMatchObject({
      code: 70,
      stderr: "no such module\nmultiverse: the program could not be bundled\n",
    });
    expect((await run("ls", ["-A", join(home, "dist")])).stdout).toBe("");
  });

  test("fetches the packages the first time, and says so", async () => {
    const { home, env } = await clone("fetching");
    await rm(join(home, "node_modules/.package-lock.json"));
    await writeFile(join(home, "path/npm"), `#!/bin/sh\necho "npm $*" >>${home}/npm-calls; [ "$1" != ci ]\n`);
    await chmod(join(home, "path/npm"), 0o755);
    const { stdout, stderr } = await run(join(home, "bin/multiverse"), [], { env });
    expect(stdout).toBe("started\n");
    expect(stderr).toBe(`multiverse: fetching the npm packages into ${home}/node_modules, the first time only\n`);
    expect(await readFile(join(home, "npm-calls"), "utf8")).toMatch(/^npm ci .*\nnpm install --no-save /);
  });
});
