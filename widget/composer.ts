/** The rest of the form, loaded when a reader comes to its field; what sends the text, and the tools, come beside it. */

import controls from "./controls.css";
import css from "./composer.css";
import type { Context } from "./context";
import { adopt, bring, button, h } from "./dom";
import type { Field } from "./field";
import { loader } from "./loader";
import type { Form, Posting } from "./posting";
import { terms } from "./terms";
import type { Say } from "./words";

const MOST = 10_000;
const TELL_BELOW = 300;

const english = {
  name: "Name",
  namePlaceholder: "How others will see you",
  website: "Leave this empty",
  marks: "*italic*, **bold**, > quote, - list",
  comment: "Post comment",
  reply: "Post reply",
  edit: "Save",
  cancel: "Cancel",
  left: { one: "{n} character left", other: "{n} characters left" },
  over: { one: "{n} character too many", other: "{n} characters too many" },
  draftKept: "This is what you had written before.",
  discard: "Start anew",
};

/** Make a field a whole form, without moving what somebody may be typing into. */
export function compose(of: Context, field: Field): void {
  adopt(of.root, controls, css);
  new Composer(of, field);
}

class Composer implements Form {
  readonly field: Field;
  readonly label: string;
  readonly name: HTMLInputElement | null;
  readonly website = h("input", { name: "website", tabindex: -1, autocomplete: "off" });
  readonly hint = h("div", { class: "hint" });
  readonly send: HTMLButtonElement;
  readonly #of: Context;
  readonly #say: Say<keyof typeof english>;
  readonly #count = h("span", { class: "count" });
  readonly #load: () => Promise<typeof import("./posting")>;
  #posting: Posting | null = null;

  constructor(of: Context, field: Field) {
    const { kind } = field.plan;
    this.#of = of;
    this.field = field;
    this.#say = of.speaker("composer", english);
    this.#load = loader(of.options.service, POSTING_CHUNK);
    this.label = this.#say(kind);
    this.name = kind === "edit" ? null : this.#nameField();
    this.send = h("button", { type: "submit", class: "primary", part: "button primary" }, this.label);
    this.hint.id = field.error.id.replace("error", "hint");
    this.#build();
    this.#listen();
    this.#measure();
    field.show("");
    if (field.form.matches(":focus-within")) this.#begin();
    const { name } = this;
    const account = loader<typeof import("./account")>(of.options.service, ACCOUNT_CHUNK);
    const page = loader<typeof import("./me")>(of.options.service, ME_CHUNK);
    const who = name?.parentElement;
    if (!name || !who) return;
    const signing = loader<typeof import("./signing")>(of.options.service, SIGNING_CHUNK);
    if (of.site?.mail || of.site?.providers?.[0]) signing().then((chunk) => chunk.offer(of, who), () => undefined);
    let introduced = false;
    const introduce = (): void => {
      if (introduced) return;
      introduced = who.hidden = true;
      // Without it, the name can be typed all the same.
      account().then((chunk) => chunk.introduce(of, name, page), () => undefined).finally(() => (who.hidden = false));
    };
    if (name.value) introduce();
    // Whoever signs in while the form is open. An older thread knows no accounts.
    else of.session.hear(of.ended, () => of.session.account?.() && of.session.name() && introduce());
  }

  /** The rest of the form has come under the cursor. */
  #begin(): void {
    this.#prepare();
    if (this.field.plan.close) bring(this.field.form);
  }

  async #sender(): Promise<Posting> {
    const { Posting } = await this.#load();
    return (this.#posting ??= new Posting(this.#of, this));
  }

  /** A form token is asked for at the first focus, so that it is old enough when the reader has written. */
  #prepare(): void {
    // Should it fail, posting asks again and tells.
    this.#sender().then((posting) => posting.prepare(), () => undefined);
  }

  #submit(): void {
    this.#sender().then((posting) => posting.submit(), () => {
      const text = this.#of.say("halfForm");
      this.field.show(text);
      this.#of.live.alert(text);
    });
  }

  #nameField(): HTMLInputElement {
    const { error } = this.field;
    const made = h("input", {
      id: error.id.replace("error", "name"), name: "name", autocomplete: "name", maxlength: 60, dir: "auto",
      part: "field", placeholder: this.#say("namePlaceholder"), "aria-describedby": error.id,
    });
    made.value = this.#of.session.name();
    return made;
  }

  /** Tell that the text is of an earlier visit. */
  #note(): HTMLElement {
    const { text, plan } = this.field;
    const note = h("p", { class: "kept" }, `${this.#say("draftKept")} `);
    note.append(button(this.#say("discard"), { class: "inline" }, () => {
      this.field.clear();
      text.focus();
    }));
    text.addEventListener("input", () => text.value === plan.text && note.remove());
    return note;
  }

  #build(): void {
    const { form, box, begun, plan } = this.field;
    const { name } = this;
    const say = this.#say;
    const marks = h("span", { class: "marks" }, say("marks"));
    form.classList.add("open");
    if (begun) box.before(this.#note());
    box.append(h("div", { class: "foot" }, marks, this.#count));
    form.append(
      // Off screen and out of the reading order: only a robot finds it.
      h("div", { class: "unseen", "aria-hidden": "true" }, h("label", {}, say("website"), this.website)),
      this.hint,
      plan.kind === "edit" ? "" : terms(this.#of),
      h(
        "div",
        { class: "row" },
        name ? h("div", { class: "who" }, h("label", { for: name.id }, say("name")), name) : "",
        plan.close ? button(say("cancel"), { class: "quiet", part: "button" }, () => this.#cancel()) : "",
        this.send,
      ),
    );
    const tools = loader<typeof import("./tools")>(this.#of.options.service, TOOLS_CHUNK);
    // Without its tools, a text is written all the same: the signs stand there.
    tools().then((chunk) => chunk.equip(this.#of, this.field, marks), () => undefined);
  }

  #listen(): void {
    const { form, text } = this.field;
    form.addEventListener("submit", () => this.#submit());
    form.addEventListener("focusin", () => {
      form.classList.add("open");
      this.#prepare();
    });
    text.addEventListener("input", () => this.#measure());
    form.addEventListener("keydown", (event) => {
      // While an input method composes, Escape is its own.
      if (event.key === "Escape" && !event.isComposing && !text.value.trim()) this.#cancel();
    });
  }

  #measure(): void {
    const { text } = this.field;
    const left = (this.#of.site?.longest ?? MOST) - [...text.value].length;
    this.#count.textContent = left >= TELL_BELOW ? "" : this.#say(left < 0 ? "over" : "left", { n: Math.abs(left) });
    this.#count.classList.toggle("danger", left < 0);
    if (CSS.supports("field-sizing", "content")) return;
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight + 2}px`;
  }

  #cancel(): void {
    this.field.keep();
    this.field.plan.close?.();
  }
}
