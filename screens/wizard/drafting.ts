// The draft of the spec while it is answered: what a person says is written into its text, and the whole judged anew.
import type { Answer } from "../../core/spec/answers.ts";
import { showPath } from "../../core/spec/path.ts";
import { LANGUAGES } from "../text/languages.ts";
import { explain } from "./explain.ts";
import type { Around } from "./install-run.ts";
import type { Intent } from "./intent.ts";
import { asReport, type Draft, type Judged, type Wizard } from "./model.ts";

export class Drafting {
  readonly #around: Around & { probed(): Promise<void> };

  /** `probed` resolves when the machine was looked at. */
  constructor(around: Around & { probed(): Promise<void> }) {
    this.#around = around;
  }

  get #state(): Wizard {
    return this.#around.state();
  }

  async language(language: Wizard["language"], keyboard: string): Promise<void> {
    this.#around.tell({ what: "language", language });
    this.#around.tell({ what: "busy", busy: "keyboard" });
    const entry = LANGUAGES.find(({ code }) => code === language);
    const answers: Answer[] = [
      { path: ["host", "locale"], value: entry?.locale ?? "en_US.UTF-8" },
      { path: ["host", "keyboard"], value: keyboard },
    ];
    await this.#keep(answers);
    // A console without a keyboard of its own (a serial line) has nothing to set: said, and gone on.
    await (await this.#around.backend()).applyKeyboard(keyboard).catch((error: unknown) => {
      this.#around.tell({ what: "toast", toast: { text: explain(error).message, tone: "warning" } });
    });
    this.#around.tell({ what: "busy", busy: null });
    this.#around.tell({ what: "next" });
    if (this.#state.specs === null)
      this.#around.tell({ what: "specs", specs: await (await this.#around.backend()).specs() });
  }

  /** Writes answers into the draft before the machine is known; nothing is judged yet. */
  async #keep(answers: readonly Answer[]): Promise<void> {
    const { draft } = this.#state;
    const text = await (await this.#around.backend()).write(draft.text, answers);
    const answered = answers.map(({ path }) => showPath(path));
    if (this.#state.inventory === null) {
      this.#around.tell({ what: "draft", draft: { ...draft, text }, judged: this.#state.judged, answered });
    } else await this.judge({ ...draft, text }, answered);
  }

  /** What the chosen spec does not say, and the person has answered before, is written into it. */
  async startFrom(chosen: Draft): Promise<void> {
    const before = this.#state.judged?.loaded?.spec.host;
    this.#around.tell({ what: "busy", busy: "machine" });
    const judged = await this.judge(chosen, []);
    if (judged.loaded === null) {
      this.#around.tell({ what: "busy", busy: null });
      return;
    }
    const stated = judged.loaded.spec.host;
    const answers: Answer[] = [];
    if (stated?.locale === undefined && before?.locale !== undefined)
      answers.push({ path: ["host", "locale"], value: before.locale });
    if (stated?.keyboard === undefined && before?.keyboard !== undefined)
      answers.push({ path: ["host", "keyboard"], value: before.keyboard });
    if (answers.length > 0) await this.#keep(answers);
    this.#around.tell({ what: "busy", busy: null });
    this.#around.tell({ what: "next" });
  }

  async judge(draft: Draft, answered: readonly string[]): Promise<Judged> {
    await this.#around.probed();
    const { inventory } = this.#state;
    if (inventory === null) throw new Error("the probe ended without an inventory");
    const judged = await (await this.#around.backend()).judge(draft, inventory);
    this.#around.tell({ what: "draft", draft, judged, answered });
    const { error } = judged;
    if (error !== null && error.code !== "values-missing")
      this.#around.tell({ what: "problem", problem: asReport(error) });
    return judged;
  }

  async answer(answers: readonly Answer[]): Promise<void> {
    this.#around.tell({ what: "busy", busy: "answer" });
    const { draft, judged: before } = this.#state;
    const text = await (await this.#around.backend()).write(draft.text, answers);
    const judged = await this.judge(
      { ...draft, text },
      answers.map(({ path }) => showPath(path)),
    );
    // An answer that the spec's rules refuse is not kept: the screen shows why, and the spec stays readable.
    if (judged.loaded === null) this.#around.tell({ what: "draft", draft, judged: before, answered: [] });
    if (judged.loaded === null && judged.error !== null)
      this.#around.tell({ what: "problem", problem: asReport(judged.error) });
    this.#around.tell({ what: "busy", busy: null });
    if (judged.loaded !== null) this.#around.tell({ what: "next" });
  }

  async identity({ host, user, password, key, admin }: Extract<Intent, { want: "identity" }>): Promise<void> {
    this.#around.tell({ what: "busy", busy: "answer" });
    const answers: Answer[] = host === null ? [] : [{ path: ["host", "name"], value: host }];
    if (user !== "") {
      const account = {
        name: user,
        ...(password === "" ? {} : { password: await (await this.#around.backend()).hashPassword(password) }),
        ...(user === "root" ? {} : { groups: ["sudo"] }),
        ...(key === "" ? {} : { "ssh-keys": [key] }),
      };
      answers.push({ path: ["users"], value: [account] });
    }
    const known = this.#state.judged?.loaded?.spec.control?.admins ?? [];
    if (admin !== (known[0]?.key ?? "")) {
      // Whoever logs in first is who commands, unless the spec has a name for it.
      const name = known[0]?.name ?? (user === "" || user === "root" ? "admin" : user);
      answers.push({
        path: ["control", "admins"],
        value: admin === "" ? [] : [{ name, key: admin }, ...known.slice(1)],
      });
    }
    await this.answer(answers);
  }
}
