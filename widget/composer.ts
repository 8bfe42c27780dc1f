/** The rest of the form, loaded when a reader comes to its field. What is typed stays until the service has it. */

import type { Failure } from "./api";
import controls from "./controls.css";
import css from "./composer.css";
import { type Context, emit, failureOf, later, why } from "./context";
import { adopt, button, goTo, h, set } from "./dom";
import type { Field, Plan } from "./field";
import { light } from "./lit";
import { Sender } from "./sending";
import type { FormToken, Own } from "./shapes";
import { type Say, speaker } from "./words";
import { secretOf, write } from "./writing";

const MOST = 10_000;
const TELL_BELOW = 300;

const english = {
  name: "Name",
  namePlaceholder: "How others will see you",
  website: "Website (leave this empty)",
  marks: "*italic*, **bold**, > quote, - list",
  comment: "Post comment",
  reply: "Post reply",
  edit: "Save",
  posting: "Posting …",
  saving: "Saving …",
  cancel: "Cancel",
  retry: "Try again",
  left: { one: "{n} character left", other: "{n} characters left" },
  over: { one: "{n} character too many", other: "{n} characters too many" },
  writeFirst: "Write something first.",
  nameFirst: "Please give a name for others to see.",
  draftKept: "This is what you had written before.",
  discard: "Start anew",
  kept: "Your text is kept. Try again; it will not be posted twice.",
  limited: { one: "You can try again in {n} second.", other: "You can try again in {n} seconds." },
  again: "You can try again now.",
  published: "Your comment is posted.",
  held: "Thank you. A moderator will read your comment; until then only you can see it.",
  rejected: "Your comment was not published. Only you can see it.",
};

/** Make a field a whole form, without moving what somebody may be typing into. */
export function compose(of: Context, field: Field): void {
  adopt(of.root, controls, css);
  new Composer(of, field);
}

class Composer {
  readonly #of: Context;
  readonly #field: Field;
  readonly #plan: Plan;
  readonly #say: Say<keyof typeof english>;
  readonly #name: HTMLInputElement | null;
  readonly #website = h("input", { name: "website", tabindex: -1, autocomplete: "off" });
  readonly #send: HTMLButtonElement;
  readonly #count = h("span", { class: "count" });
  readonly #sender: Sender;
  #waiting = 0;

  constructor(of: Context, field: Field) {
    this.#of = of;
    this.#field = field;
    this.#plan = field.plan;
    this.#say = speaker(of.lang, english);
    this.#sender = new Sender({
      formToken: () => of.api.get<FormToken>(`/form-token?key=${encodeURIComponent(of.options.key)}`),
      post: (draft, form_token, attempt) => {
        const { key, url, articleToken: article_token } = of.options;
        const body = { key, url, ...draft, form_token, article_token };
        return of.api.ask<{ comment: Own }>("POST", "/comments", {
          body, secret: secretOf(of.session), headers: { "idempotency-key": attempt },
        });
      },
    });
    this.#name = this.#plan.kind === "edit" ? null : this.#nameField();
    this.#send = h("button", { type: "submit", class: "primary", part: "button primary" }, this.#say(this.#plan.kind));
    this.#build();
    this.#listen();
    this.#measure();
    field.show("");
    if (field.form.matches(":focus-within")) this.#begin();
  }

  /** The rest of the form has come under the cursor. */
  #begin(): void {
    this.#prepare();
    if (this.#plan.close) this.#field.form.scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  /** A form token is asked for at the first focus, so that it is old enough when the reader has written. */
  #prepare(): void {
    if (this.#plan.kind !== "edit") this.#sender.prepare();
  }

  #nameField(): HTMLInputElement {
    const { error } = this.#field;
    const made = h("input", {
      id: error.id.replace("error", "name"), name: "name", autocomplete: "name", maxlength: 60, dir: "auto",
      part: "field", placeholder: this.#say("namePlaceholder"), "aria-describedby": error.id,
    });
    made.value = this.#of.session.name();
    return made;
  }

  /** Tell that the text is of an earlier visit. */
  #note(): HTMLElement {
    const note = h("p", { class: "kept" }, `${this.#say("draftKept")} `);
    note.append(button(this.#say("discard"), { class: "inline" }, () => {
      this.#field.clear();
      this.#field.text.focus();
    }));
    this.#field.text.addEventListener("input", () => this.#field.text.value === this.#plan.text && note.remove());
    return note;
  }

  #build(): void {
    const { form, box, begun } = this.#field;
    const say = this.#say;
    const name = this.#name;
    form.classList.add("open");
    if (begun) box.before(this.#note());
    box.append(h("p", { class: "foot" }, h("span", {}, say("marks")), this.#count));
    form.append(
      // Off screen and out of the reading order: only a robot finds it.
      h("div", { class: "unseen", "aria-hidden": "true" }, h("label", {}, say("website"), this.#website)),
      h(
        "div",
        { class: "row" },
        name ? h("div", { class: "who" }, h("label", { for: name.id }, say("name")), name) : "",
        this.#plan.close ? button(say("cancel"), { class: "quiet", part: "button" }, () => this.#cancel()) : "",
        this.#send,
      ),
    );
  }

  #listen(): void {
    const { form, text } = this.#field;
    form.addEventListener("submit", () => void this.#submit());
    form.addEventListener("focusin", () => {
      form.classList.add("open");
      this.#prepare();
    });
    text.addEventListener("input", () => this.#measure());
    form.addEventListener("keydown", (event) => {
      // While an input method composes, Enter and Escape are its own.
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
      if (event.key === "Escape" && !text.value.trim()) this.#cancel();
    });
  }

  #measure(): void {
    const { text } = this.#field;
    const left = MOST - [...text.value].length;
    this.#count.textContent = left >= TELL_BELOW ? "" : this.#say(left < 0 ? "over" : "left", { n: Math.abs(left) });
    this.#count.classList.toggle("danger", left < 0);
    if (CSS.supports("field-sizing", "content")) return;
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight + 2}px`;
  }

  #cancel(): void {
    this.#field.keep();
    this.#plan.close?.();
  }

  async #submit(): Promise<void> {
    if (this.#send.getAttribute("aria-disabled") === "true") return;
    const { text } = this.#field;
    const name = this.#name?.value.trim() ?? "";
    if (!text.value.trim()) return this.#tell(this.#say("writeFirst"), text);
    if (this.#name && !name) return this.#tell(this.#say("nameFirst"), this.#name);
    this.#tell("");
    this.#busy(true);
    try {
      const own = await this.#sent(text.value, name);
      if (this.#name) this.#of.session.rename(name);
      this.#busy(false);
      this.#field.clear();
      this.#field.form.classList.remove("open");
      this.#plan.done(own);
      this.#told(own);
    } catch (error) {
      if (!this.#of.ended.aborted) this.#failed(failureOf(error));
    }
  }

  async #sent(body: string, name: string): Promise<Own> {
    const { kind, id } = this.#plan;
    if (kind !== "edit") return this.#sender.post({ name, body, parent: id, website: this.#website.value });
    return (await write<{ comment: Own }>(this.#of, "PATCH", id ?? "", "", { body })).comment;
  }

  #told({ id, status }: Own): void {
    if (this.#plan.kind === "edit" || status === "withdrawn") return;
    const article = this.#of.root.querySelector<HTMLElement>(`[aria-labelledby="by-${id}"]`);
    if (article) goTo(article);
    if (article) light(this.#of, article);
    this.#of.live.status(this.#say(status));
    emit(this.#of, "posted", { id, state: status });
  }

  #failed(failure: Failure): void {
    this.#field.keep();
    this.#busy(false);
    this.#send.textContent = this.#say("retry");
    const text = why(this.#of, failure);
    this.#tell(
      failure.detail ? text : `${text} ${this.#say("kept")}`,
      failure.field === "name" && this.#name ? this.#name : this.#field.text,
    );
    emit(this.#of, "post-failed", { code: failure.status });
    if (failure.kind === "limited") this.#wait(failure.detail, failure.wait);
  }

  /** Count down until the service takes another text; only the eye follows each second. */
  #wait(detail: string, seconds: number): void {
    const round = (this.#waiting += 1);
    set(this.#send, "aria-disabled", "true");
    const tick = (left: number): void => {
      if (round !== this.#waiting) return;
      if (left === 0) set(this.#send, "aria-disabled", null);
      this.#field.show(left === 0 ? this.#say("again") : `${detail} ${this.#say("limited", { n: left })}`);
      if (left > 0) later(this.#of, 1000, () => tick(left - 1));
    };
    tick(seconds);
  }

  #busy(busy: boolean): void {
    const { kind } = this.#plan;
    set(this.#send, "aria-disabled", busy ? "true" : null);
    set(this.#field.form, "aria-busy", busy ? "true" : null);
    this.#field.text.readOnly = busy;
    this.#send.textContent = this.#say(busy ? (kind === "edit" ? "saving" : "posting") : kind);
  }

  /** Say what is wrong, at the field it is wrong in. */
  #tell(text: string, at?: HTMLElement): void {
    this.#waiting += 1;
    this.#field.show(text);
    for (const one of [this.#field.text, this.#name]) if (one) set(one, "aria-invalid", one === at ? "true" : null);
    this.#of.live.alert(text);
    at?.focus();
  }
}
