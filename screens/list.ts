// Every screen of the installer. A new one is one file and one line here (and a line in wizard/steps.ts if it asks).
import { disks } from "./installer/DisksScreen.tsx";
import { done } from "./installer/DoneScreen.tsx";
import { failed } from "./installer/FailedScreen.tsx";
import { identity } from "./installer/IdentityScreen.tsx";
import { language } from "./installer/LanguageScreen.tsx";
import { looking } from "./installer/LookingScreen.tsx";
import { network } from "./installer/NetworkScreen.tsx";
import { review } from "./installer/ReviewScreen.tsx";
import { running } from "./installer/RunningScreen.tsx";
import { source } from "./installer/SourceScreen.tsx";
import { spec } from "./installer/SpecScreen.tsx";
import { storage } from "./installer/StorageScreen.tsx";
import { target } from "./installer/TargetScreen.tsx";
import { unfinished } from "./installer/UnfinishedScreen.tsx";
import { values } from "./installer/ValuesScreen.tsx";
import type { Screen } from "./screen.ts";
import type { ScreenName } from "./wizard/model.ts";

export const SCREENS: Readonly<Record<ScreenName, Screen>> = {
  looking,
  unfinished,
  language,
  target,
  spec,
  disks,
  storage,
  source,
  identity,
  network,
  values,
  review,
  running,
  failed,
  done,
};
