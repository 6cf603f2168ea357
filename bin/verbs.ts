// Every verb, in the order of the help. A new one is one file and one line here.
import type { Verb } from "./verb.ts";
import { completionFor } from "./verbs/completion.ts";
import { controlPipeVerb } from "./verbs/control-pipe.ts";
import { ctlVerb } from "./verbs/ctl.ts";
import { daemonVerb } from "./verbs/daemon.ts";
import { disksVerb } from "./verbs/disks.ts";
import { installVerb } from "./verbs/install.ts";
import { planVerb } from "./verbs/plan.ts";
import { probeVerb } from "./verbs/probe.ts";
import { profileVerb } from "./verbs/profile.ts";
import { questionsVerb } from "./verbs/questions.ts";
import { rescueVerb } from "./verbs/rescue.ts";
import { screensVerb } from "./verbs/screens.ts";
import { specVerb } from "./verbs/spec.ts";
import { statusVerb } from "./verbs/status.ts";

const WORKING: readonly Verb[] = [
  screensVerb,
  probeVerb,
  disksVerb,
  profileVerb,
  questionsVerb,
  planVerb,
  installVerb,
  specVerb,
  statusVerb,
  ctlVerb,
  rescueVerb,
  daemonVerb,
  controlPipeVerb,
];

export const VERBS: readonly Verb[] = [...WORKING, completionFor(WORKING)];
