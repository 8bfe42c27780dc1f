/** Where a text is typed. It stands in the page at once; what sends the text is loaded when a reader comes to it. */

import type { Context } from "./context";
import { bring, button, fill, h } from "./dom";
import { type Draft, draftOf } from "./drafts";
import { icon } from "./icons";
import { loader } from "./loader";
import type { Own } from "./shapes";

const DRAFT_AFTER = 400;

/** What is written: a comment, the reply to a comment, or another text for one. */
export interface Plan {
  readonly kind: "comment" | "reply" | "edit";
  readonly label: string;
  /** The comment that is answered or changed, else null. */
  readonly id: string | null;
  /** The text to begin with. */
  readonly text: string;
  done(own: Own): void;
  /** Close the form; one that is always there has none. */
  close?(): void;
}

/** A page that was opened before an upgrade hands its fields to the chunk of after it: they only grow. */
export class Field {
  readonly form: HTMLFormElement;
  readonly text: HTMLTextAreaElement;
  readonly box: HTMLElement;
  /** What is wrong; its id is for `aria-describedby`. */
  readonly error = h("p", { class: "error" });
  readonly plan: Plan;
  /** Whether it began with what had been typed before. */
  begun = false;
  readonly #of: Context;
  readonly #draft: Draft;
  readonly #load: () => Promise<typeof import("./composer")>;
  #saving: ReturnType<typeof setTimeout> | undefined;
  #whole: Promise<void> | null = null;

  constructor(of: Context, plan: Plan) {
    const { kind, id } = plan;
    const at = `${id ?? "new"}${kind === "edit" ? "-edit" : ""}`;
    this.#of = of;
    this.plan = plan;
    this.#draft = draftOf(of.options.site, [of.options.key, ...(kind === "edit" ? ["edit"] : []), ...(id ? [id] : [])]);
    this.#load = loader(of.options.service, COMPOSER_CHUNK);
    this.error.id = `error-${at}`;
    this.text = h("textarea", {
      id: `text-${at}`, rows: kind === "edit" ? 4 : 3, dir: "auto", part: "field",
      placeholder: kind === "comment" && of.say("placeholder"), "aria-describedby": this.error.id,
    });
    this.box = h("div", { class: "box" }, this.text);
    this.form = h(
      "form",
      { class: `composer ${kind}`, part: "composer", novalidate: true },
      h("label", { for: this.text.id, class: kind === "comment" ? "unseen" : "title" }, plan.label),
      this.box, this.error,
    );
    this.#listen();
    this.#restore();
  }

  /** Put the cursor into it. */
  begin(): void {
    this.text.focus({ preventScroll: true });
    bring(this.form);
  }

  /** Keep what is typed, now: the page may be about to go. What is kept already is left alone: another form may have gone on. */
  keep(): void {
    if (this.#saving === undefined) return;
    clearTimeout(this.#saving);
    this.#saving = undefined;
    const { value } = this.text;
    this.#draft.write(value === this.plan.text ? "" : value);
  }

  /** Begin anew, when the text has been sent or is not wanted any more. */
  clear(): void {
    this.text.value = this.plan.text;
    // Whoever counts the characters hears of it.
    this.text.dispatchEvent(new Event("input"));
    this.keep();
  }

  /** Say what is wrong, for the eye. */
  show(text: string, ...ways: HTMLElement[]): void {
    fill(this.error, text && icon("alert"), text && h("span", {}, text), ...ways);
  }

  #listen(): void {
    const failing = (): void => undefined;
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("pointerenter", () => void this.#load().catch(failing));
    this.text.addEventListener("focus", () => this.#complete());
    this.form.addEventListener("keydown", (event) => {
      // Pressed before the rest of the form is there, it counts when that has come. While an input method composes, Enter is its own.
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) void this.#whole?.then(() => this.form.requestSubmit());
    });
    this.text.addEventListener("input", () => {
      clearTimeout(this.#saving);
      this.#saving = setTimeout(() => this.keep(), DRAFT_AFTER);
    });
    const keep = (): void => this.keep();
    this.text.addEventListener("blur", keep);
    addEventListener("pagehide", keep, { signal: this.#of.ended });
    this.#of.ended.addEventListener("abort", keep);
  }

  #restore(): void {
    const begun = this.#draft.read();
    this.text.value = begun || this.plan.text;
    this.begun = begun !== "";
    if (begun) this.#complete();
  }

  /** Have the rest of the form; the field stays as it is, with what is typed and where the cursor stands. */
  #complete(): void {
    this.#whole ??= this.#load().then(({ compose }) => compose(this.#of, this), () => this.#incomplete());
  }

  #incomplete(): void {
    const { say, live } = this.#of;
    const { close } = this.plan;
    this.#whole = null;
    const again = button(say("retry"), { class: "inline", part: "button" }, () => {
      this.#complete();
      this.text.focus();
    });
    this.show(say("halfForm"), again, ...(close ? [button(say("cancel"), { class: "inline", part: "button" }, close)] : []));
    live.alert(say("halfForm"));
  }
}
