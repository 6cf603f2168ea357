// `control:`: who may command the installed host by signing.
import { z } from "zod";
import { publicKey } from "./credentials.ts";
import { key, needed } from "./question-meta.ts";

/** What allowed_signers and the policy know somebody by. The seat of a host is called `seat` there. */
const principal = z
  .string()
  .regex(/^[a-z][a-z0-9._-]{0,31}$/, "must be a lower-case letter, then letters, digits, dots, - and _; 32 at most")
  .refine((name) => name !== "seat", "is what the host's own seat is called");

const operation = z.string().regex(/^[a-z]+(\.[a-z]+)?$/, "must be an operation, such as vm.start");

const admin = z.strictObject({
  name: needed(principal, "What commands and the audit log call this admin."),
  key: needed(publicKey, "The public key that signs: a line of a .pub file."),
  operations: key(z.array(operation).min(1, "must not be empty"), "What this admin may do. Default: everything."),
});

export const controlSchema = z.strictObject({
  admins: key(
    z.array(admin).check((context) => {
      const names = context.value.map((each) => each?.name);
      names.forEach((name, at) => {
        if (name === undefined || names.indexOf(name) === at) return;
        const message = "is the name of an earlier admin of this list";
        context.issues.push({ code: "custom", input: name, path: [at, "name"], message });
      });
    }),
    "Whose signatures the host obeys (multiverse ctl). Default: nobody's, and one must be enrolled at the host by root.",
  ),
});
