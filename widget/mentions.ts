/** The names of who takes part in this thread, offered after an @. Nobody else is looked up. */

import type { Context } from "./context";
import { adopt, bring, fill, h, set } from "./dom";
import type { Field } from "./field";
import css from "./mentions.css";
import { called, matching, namesIn } from "./naming";
import { type } from "./typing";
import type { Say } from "./words";

const english = {
  people: "People in this conversation",
  found: { one: "{n} name. Enter takes it.", other: "{n} names. Choose with the arrow keys, Enter takes one." },
};

export class Mentions {
  readonly #of: Context;
  readonly #field: Field;
  readonly #say: Say<keyof typeof english>;
  readonly #list: HTMLUListElement;
  #names: readonly string[] = [];
  #at = 0;
  /** Where the @ stands whose list the reader has closed. */
  #left = -1;

  constructor(of: Context, field: Field) {
    const { text } = field;
    adopt(of.root, css);
    this.#of = of;
    this.#field = field;
    this.#say = of.speaker("mentions", english);
    this.#list = h("ul", { id: text.id.replace("text", "names"), class: "names", role: "listbox", "aria-label": this.#say("people") });
    this.#list.addEventListener("mousedown", (event) => event.preventDefault());
    this.#list.addEventListener("click", (event) => {
      const at = [...this.#list.children].findIndex((one) => one.contains(event.target as Node));
      if (at >= 0) this.#take(at);
    });
    set(text, "aria-autocomplete", "list");
    for (const moved of ["input", "click", "keyup"]) text.addEventListener(moved, (event) => this.#look(event));
    text.addEventListener("blur", () => this.#close());
    // Before the form's own keys: while the list is open, Enter and Escape are for it.
    text.addEventListener("keydown", (event) => this.#key(event), true);
    this.#look();
  }

  #look(event?: Event): void {
    const { text } = this.#field;
    // While an input method composes, what is typed is not there yet.
    if (event instanceof InputEvent && event.isComposing) return this.#close();
    const call = text.selectionStart === text.selectionEnd ? called(text.value, text.selectionStart) : null;
    if (call?.from !== this.#left) this.#left = -1;
    if (!call || call.from === this.#left) return this.#close();
    const names = matching(namesIn(this.#of.store.all(), this.#field.plan.id), call.query);
    if (names.length === 0) return this.#close();
    if (this.#list.isConnected && names.join("\n") === this.#names.join("\n")) return;
    this.#names = names;
    this.#open();
  }

  #open(): void {
    const { text } = this.#field;
    const { id } = this.#list;
    fill(this.#list, ...this.#names.map((name, at) => h("li", { id: `${id}-${at}`, role: "option" }, h("bdi", {}, name))));
    this.#list.style.top = `${text.offsetTop + text.offsetHeight}px`;
    text.after(this.#list);
    set(text, "aria-controls", id);
    this.#choose(0);
    this.#of.live.status(this.#say("found", { n: this.#names.length }));
  }

  #choose(at: number): void {
    this.#at = at;
    [...this.#list.children].forEach((one, here) => set(one, "aria-selected", String(here === at)));
    const chosen = this.#list.children[at];
    if (chosen) bring(chosen);
    set(this.#field.text, "aria-activedescendant", chosen?.id);
  }

  #close(): void {
    if (!this.#list.isConnected) return;
    this.#list.remove();
    set(this.#field.text, "aria-activedescendant", null);
    set(this.#field.text, "aria-controls", null);
  }

  #key(event: KeyboardEvent): void {
    if (!this.#list.isConnected || event.isComposing || event.keyCode === 229) return;
    const { key } = event;
    const many = this.#names.length;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (key === "ArrowDown") this.#choose((this.#at + 1) % many);
    else if (key === "ArrowUp") this.#choose((this.#at + many - 1) % many);
    else if (key === "Enter" || key === "Tab") this.#take(this.#at);
    else if (key === "Escape") {
      const { text } = this.#field;
      this.#left = called(text.value, text.selectionStart)?.from ?? -1;
      this.#close();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #take(at: number): void {
    const { text } = this.#field;
    const call = called(text.value, text.selectionStart);
    const name = this.#names[at];
    if (!call || name === undefined) return this.#close();
    const words = `@${name} `;
    const end = call.from + words.length;
    type(text, { from: call.from, to: text.selectionStart, words, select: [end, end] });
    this.#close();
  }
}
