// The rules for names in a spec: hosts, users, pools, systems, time zones, locales, packages.
import { z } from "zod";

/** Text of one line without control characters; everything else builds on it. */
export const line = z
  .string()
  .min(1, "must not be empty")
  .max(1024, "is longer than 1024 characters")
  .regex(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$/, "must not contain control characters or line breaks");

const LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

/** RFC 1123 labels; 64 characters at most, because that is all that Linux keeps (gethostname(2)). */
export const hostName = z
  .string()
  .max(64, "is longer than the 64 characters that Linux keeps of a host name")
  .regex(
    new RegExp(`^${LABEL}(\\.${LABEL})*$`),
    "must be a host name: lower-case letters, digits and hyphens, in parts joined by dots (RFC 1123)",
  )
  .refine((name) => !/(^|\.)[0-9]+$/.test(name), "must not end in a part of digits only: it would read as an address")
  .refine((name) => name.split(".")[0] !== "localhost", "must not be localhost");

/** Accounts that Debian's base-passwd and our own services make; useradd(8) would fail on them. */
const TAKEN = new Set(
  "daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc _apt nobody sshd messagebus multiverse-screen multiverse-seat".split(
    " ",
  ),
);

/** useradd(8): what Debian accepts. */
export const userName = z
  .string()
  .regex(
    /^[a-z_][a-z0-9_-]{0,31}$/,
    "must be a user name: a lower-case letter first, then letters, digits, - and _; 32 at most",
  )
  .refine((name) => !TAKEN.has(name), "is the name of an account that the system makes itself");

export const groupName = z
  .string()
  .regex(/^[a-z_][a-z0-9_-]{0,31}$/, "must be a group name: a lower-case letter first, then letters, digits, - and _");

/** zpool-create(8); without the space it also allows. */
export const poolName = z
  .string()
  .max(64, "is longer than 64 characters")
  .regex(/^[A-Za-z][A-Za-z0-9_.:-]*$/, "must be a pool name: a letter first, then letters, digits and _ - . :")
  .refine(
    (name) => !/^(mirror|raidz|draid|spare)|^log$/.test(name),
    "is reserved by ZFS (mirror…, raidz…, draid…, spare…, log)",
  )
  .refine((name) => !/^c[0-9]/.test(name), "must not begin with c and a digit: ZFS takes that for a disk");

/** A pool's GUID: 64 bits, decimal, as `zpool get guid` shows it. Text, because it exceeds 2^53. */
export const poolGuid = z
  .string()
  .regex(/^[1-9][0-9]{0,19}$/, "must be the GUID of a pool: a decimal number, in quotes")
  .refine((guid) => !/^[1-9][0-9]{0,19}$/.test(guid) || BigInt(guid) < 2n ** 64n, "is no GUID of 64 bits");

/** One dataset component (zfs(8)). g1, g2 and g3 mean roles in URIs, so no system is called that. */
export const systemName = z
  .string()
  .max(64, "is longer than 64 characters")
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]*$/, "must be a dataset name: letters, digits and _ - . :")
  .refine((name) => !/^g[123]$/.test(name), "is the name of a generation, not of a system");

export const timezone = z
  .string()
  .regex(/^[A-Z][A-Za-z0-9+_-]*(\/[A-Za-z0-9+_-]+){0,2}$/, "must be a time zone such as Europe/Berlin or Etc/UTC")
  .refine(isTimezone, "is no time zone that is known here");

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).format(0) !== "";
  } catch {
    return false;
  }
}

export const locale = z
  .string()
  .regex(/^(C|[a-z]{2,3}_[A-Z]{2})\.UTF-8(@[a-z]+)?$/, "must be a UTF-8 locale such as en_US.UTF-8 or C.UTF-8");

/** A layout of xkeyboard-config(7), with a variant of it behind a colon. */
export const keyboard = z
  .string()
  .regex(/^[a-z]{2,10}(:[a-z][a-z0-9_-]{0,30})?$/, "must be a keyboard layout such as us, de or de:nodeadkeys");

export const packageName = z.string().regex(/^[a-z0-9][a-z0-9+.-]{1,100}$/, "must be the name of a Debian package");

/** A proxy: where it is and nothing else; with a password in it the spec and the host's files would show that in clear text. */
export const proxyUrl = z
  .string()
  .refine(
    (text) => !text.includes("@"),
    "holds a user name or password (not shown), which would stand in clear text on the host: only a proxy without a login can be used",
  )
  .regex(
    /^https?:\/\/([A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?\/?$/,
    "must be an http:// or https:// address of a server and nothing more, such as http://proxy.example.net:3128",
  )
  .refine((text) => !text.includes("@") && URL.canParse(text), "has an address or a port that cannot be");

/** An apt source; a password in it would stand in clear text on the installed host. */
export const mirrorUrl = z
  .string()
  .regex(/^https?:\/\/[^\s@"'\\]+$/, "must be an http:// or https:// address without user name or password");
