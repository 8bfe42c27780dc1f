/** The form for a comment, a reply or an edit. What is typed stays in it until the service has it. */

import type { Failure } from "./api";
import { type Context, emit, failureOf, later, why } from "./context";
import { button, fill, h, set } from "./dom";
import { type Draft as Kept, draftOf } from "./drafts";
import { icon } from "./icons";
import type { Own } from "./shapes";
import type { Key } from "./words";

export const MOST = 10_000;
const TELL_BELOW = 300;
const DRAFT_AFTER = 400;

export interface Plan {
  readonly kind: "comment" | "reply" | "edit";
  readonly label: string;
  /** The words of the button that sends, and what it says while it does. */
  readonly verbs: readonly [Key, Key];
  /** Which draft is this one's. */
  readonly place: readonly string[];
  /** The text to begin with. */
  readonly text: string;
  prepare?(): void;
  send(body: string, name: string, website: string): Promise<Own>;
  done(own: Own): void;
  /** Close the form; one that is always there has none. */
  close?(): void;
}

export class Composer {
  readonly form: HTMLFormElement;
  readonly text: HTMLTextAreaElement;
  readonly #of: Context;
  readonly #plan: Plan;
  readonly #draft: Kept;
  readonly #name: HTMLInputElement | null;
  readonly #website = h("input", { name: "website", tabindex: -1, autocomplete: "off" });
  readonly #send: HTMLButtonElement;
  readonly #count = h("span", { class: "count" });
  readonly #note = h("p", { class: "kept" });
  readonly #error = h("p", { class: "error" });
  #saving: ReturnType<typeof setTimeout> | undefined;
  #waiting = 0;

  constructor(of: Context, plan: Plan) {
    const id = plan.place.join("-").replace(/[^\w-]/g, "") || "new";
    this.#of = of;
    this.#plan = plan;
    this.#draft = draftOf(of.options.site, [of.options.key, ...plan.place]);
    this.#error.id = `error-${id}`;
    this.text = h("textarea", {
      id: `text-${id}`, rows: plan.kind === "edit" ? 4 : 3, dir: "auto", part: "field",
      placeholder: plan.kind === "comment" && of.say("placeholder"), "aria-describedby": this.#error.id,
    });
    this.#name = plan.kind === "edit" ? null : this.#nameField(id);
    this.#send = h("button", { type: "submit", class: "primary", part: "button primary" }, of.say(plan.verbs[0]));
    this.form = this.#built(id);
    this.#listen();
    this.#restore();
  }

  /** Show the whole form and put the cursor into it. */
  begin(): void {
    this.form.classList.add("open");
    this.text.focus({ preventScroll: true });
    this.form.scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  /** Keep what is typed, now: the page may be about to go. */
  keep(): void {
    clearTimeout(this.#saving);
    if (this.text.value !== this.#plan.text) this.#draft.write(this.text.value);
    else this.#draft.drop();
  }

  #nameField(id: string): HTMLInputElement {
    const { say, session } = this.#of;
    const field = h("input", {
      id: `name-${id}`, name: "name", autocomplete: "name", maxlength: 60, dir: "auto", part: "field",
      placeholder: say("namePlaceholder"), "aria-describedby": this.#error.id,
    });
    field.value = session.name();
    return field;
  }

  #built(id: string): HTMLFormElement {
    const { say } = this.#of;
    const { kind, label, close } = this.#plan;
    const name = this.#name;
    return h(
      "form",
      { class: `composer ${kind}`, part: "composer", novalidate: true },
      h("label", { for: `text-${id}`, class: kind === "comment" ? "unseen" : "title" }, label),
      this.#note,
      h("div", { class: "box" }, this.text, h("p", { class: "foot" }, h("span", {}, say("marks")), this.#count)),
      this.#error,
      // Off screen and out of the reading order: only a robot finds it.
      h("div", { class: "unseen", "aria-hidden": "true" }, h("label", {}, say("website"), this.#website)),
      h(
        "div",
        { class: "row" },
        name && h("div", { class: "who" }, h("label", { for: name.id }, say("name")), name),
        close && button(say("cancel"), { class: "quiet", part: "button" }, () => this.#cancel()),
        this.#send,
      ),
    );
  }

  #listen(): void {
    const { ended } = this.#of;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#submit();
    });
    this.form.addEventListener("focusin", () => {
      this.form.classList.add("open");
      this.#plan.prepare?.();
    });
    this.text.addEventListener("input", () => this.#typed());
    this.form.addEventListener("keydown", (event) => {
      // While an input method composes, Enter and Escape are its own.
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.form.requestSubmit();
      if (event.key === "Escape" && !this.text.value.trim()) this.#cancel();
    });
    addEventListener("pagehide", () => this.keep(), { signal: ended });
  }

  #restore(): void {
    const begun = this.#draft.read();
    const { say } = this.#of;
    this.text.value = begun || this.#plan.text;
    this.#measure();
    if (!begun) return;
    this.form.classList.add("open");
    const anew = button(say("discard"), { class: "inline" }, () => {
      this.text.value = this.#plan.text;
      this.#typed();
      this.keep();
      fill(this.#note);
      this.text.focus();
    });
    fill(this.#note, say("draftKept"), " ", anew);
  }

  #typed(): void {
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => this.keep(), DRAFT_AFTER);
    this.#measure();
  }

  #measure(): void {
    const { say } = this.#of;
    const left = MOST - [...this.text.value].length;
    this.#count.textContent = left >= TELL_BELOW ? "" : say(left < 0 ? "over" : "left", { n: Math.abs(left) });
    this.#count.classList.toggle("danger", left < 0);
    if (CSS.supports("field-sizing", "content")) return;
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight + 2}px`;
  }

  #cancel(): void {
    this.keep();
    this.#plan.close?.();
  }

  async #submit(): Promise<void> {
    if (this.#send.getAttribute("aria-disabled") === "true") return;
    const { say, session } = this.#of;
    const body = this.text.value;
    const name = this.#name?.value.trim() ?? "";
    if (!body.trim()) return this.#tell(say("writeFirst"), this.text);
    if (this.#name && !name) return this.#tell(say("nameFirst"), this.#name);
    this.#tell("");
    this.#busy(true);
    try {
      const own = await this.#plan.send(body, name, this.#website.value);
      if (this.#name) session.rename(name);
      this.#sent(own);
    } catch (error) {
      if (!this.#of.ended.aborted) this.#failed(failureOf(error));
    }
  }

  #sent(own: Own): void {
    clearTimeout(this.#saving);
    this.text.value = this.#plan.text;
    this.#draft.drop();
    this.#busy(false);
    this.#measure();
    fill(this.#note);
    this.form.classList.remove("open");
    this.#plan.done(own);
  }

  #failed(failure: Failure): void {
    const { say } = this.#of;
    this.keep();
    this.#busy(false);
    this.#send.textContent = say("retry");
    const text = why(this.#of, failure);
    this.#tell(
      failure.detail ? text : `${text} ${say("kept")}`,
      failure.field === "name" && this.#name ? this.#name : this.text,
    );
    emit(this.#of, "post-failed", { code: failure.status });
    if (failure.kind === "limited") this.#wait(failure.detail, failure.wait);
  }

  /** Count down until the service takes another text; only the eye follows each second. */
  #wait(detail: string, seconds: number): void {
    const { say } = this.#of;
    const round = (this.#waiting += 1);
    set(this.#send, "aria-disabled", "true");
    const tick = (left: number): void => {
      if (round !== this.#waiting) return;
      if (left === 0) set(this.#send, "aria-disabled", null);
      this.#show(left === 0 ? say("again") : `${detail} ${say("limited", { n: left })}`);
      if (left > 0) later(this.#of, 1000, () => tick(left - 1));
    };
    tick(seconds);
  }

  #busy(busy: boolean): void {
    set(this.#send, "aria-disabled", busy ? "true" : null);
    set(this.form, "aria-busy", busy ? "true" : null);
    this.text.readOnly = busy;
    this.#send.textContent = this.#of.say(this.#plan.verbs[busy ? 1 : 0]);
  }

  /** Say what is wrong, at the field it is wrong in. */
  #tell(text: string, at?: HTMLElement): void {
    this.#waiting += 1;
    this.#show(text);
    for (const field of [this.text, this.#name]) if (field) set(field, "aria-invalid", field === at ? "true" : null);
    this.#of.live.alert(text);
    at?.focus();
  }

  #show(text: string): void {
    fill(this.#error, text && icon("alert"), text && h("span", {}, text));
  }
}
