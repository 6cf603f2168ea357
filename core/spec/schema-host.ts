// `host:` and `users:`: what the machine is called, how it speaks, who may log in.
import { z } from "zod";
import { server } from "./addresses.ts";
import { passwordHash, publicKey } from "./credentials.ts";
import { groupName, hostName, keyboard, locale, proxyUrl, timezone, userName } from "./names.ts";
import { key, later, needed } from "./question-meta.ts";

export const hostSchema = z.strictObject({
  name: key(hostName, "The machine's name, with its domain if it has one, such as jupiter.example.net.", {
    class: "required",
    ask: "What is this machine to be called?",
    why: "Every host needs a name of its own; the name of the installed system and the boot menu come from it.",
  }),
  timezone: key(timezone, "The time zone, such as Europe/Berlin. Default: Etc/UTC."),
  locale: key(locale, "Language and formats, such as de_DE.UTF-8. Default: en_US.UTF-8."),
  keyboard: key(
    keyboard,
    "The keyboard layout of the console, such as de, or de:nodeadkeys with a variant. Default: us.",
  ),
  proxy: key(
    proxyUrl,
    "The proxy for packages and downloads, such as http://proxy.example.net:3128, without a login. Default: none.",
  ),
  ntp: key(
    z.array(server).min(1, "must not be empty").max(16, "has more than 16 servers"),
    "Time servers, by name or IP address. Default: Debian's.",
  ),
});

const userSchema = z.strictObject({
  name: needed(userName, "The login name; root may be given a password or keys, too."),
  password: key(
    passwordHash,
    "A password hash as mkpasswd prints it ($y$… or $6$…), never a password. Without it nobody can log in with a password.",
    { class: "defaulted", ask: "Which password (as a hash)?", why: "The spec asks for it." },
  ),
  groups: key(z.array(groupName), "Further groups, such as sudo."),
  "ssh-keys": key(z.array(publicKey), "Public keys that may log in over ssh: lines of .pub files."),
  shell: later("a login shell other than bash."),
});

export const usersSchema = z.array(userSchema).check((context) => {
  const names = context.value.map((user) => user?.name);
  names.forEach((name, at) => {
    if (name !== undefined && names.indexOf(name) !== at) {
      context.issues.push({
        code: "custom",
        input: name,
        path: [at, "name"],
        message: "is the name of an earlier user of this list",
      });
    }
  });
});
