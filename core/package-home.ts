// Where the program's own data lies: profiles/, rescue/, docs/schema/.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout, also when the bundle in its dist/ runs; on an installed system the folder of the bundle. */
export function packageHome(): string {
  // One bundled file becomes several, and this one may be in any of them.
  const here = dirname(fileURLToPath(import.meta.url)).replace(/\/chunks$/, "");
  return /\/(core|dist)$/.test(here) ? join(here, "..") : here;
}
