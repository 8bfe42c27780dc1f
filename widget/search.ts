/** Search inside the conversation; loaded when a reader first asks for it. */

import { type Context, failureOf, permalink, why } from "./context";
import controls from "./controls.css";
import { adopt, button, fill, h, set } from "./dom";
import css from "./search.css";
import type { Batch, Comment } from "./shapes";
import { grow } from "./tree";
import type { Say } from "./words";

const MOST = 100;

const english = {
  label: "Search these comments",
  hint: "Several words are all looked for. “Quotation marks” keep them together.",
  search: "Search",
  close: "Close",
  found: { one: "{n} comment found", other: "{n} comments found" },
  newest: "The newest {n} comments found",
  none: "No comment holds all of these words.",
  show: "Show in the conversation",
  older: "Older comments",
  more: { one: "{n} more comment found", other: "{n} more comments found" },
};

export class Search {
  readonly #of: Context;
  readonly #visit: (id: string) => void;
  readonly #say: Say<keyof typeof english>;
  readonly #field: HTMLInputElement;
  readonly #told = h("p", { class: "told" });
  readonly #hits = h("ol", { role: "list" });
  readonly #after = h("div", {});
  readonly #panel: HTMLElement;
  /** Counts the searches, so that a slow earlier answer does not replace a later one. */
  #round = 0;

  constructor(of: Context, opener: HTMLElement, visit: (id: string) => void) {
    adopt(of.root, controls, css);
    this.#of = of;
    this.#visit = visit;
    const say = (this.#say = of.speaker("search", english));
    this.#field = h("input", {
      id: "search-words", maxlength: MOST, dir: "auto", enterkeyhint: "search", autocomplete: "off", part: "field",
      "aria-describedby": "search-hint",
    });
    const submit = h("button", { type: "submit", class: "primary", part: "button primary" }, say("search"));
    const close = button(say("close"), { class: "quiet", part: "button" }, () => this.#close(opener));
    const form = h(
      "form", { role: "search", novalidate: true, "aria-labelledby": "search-label" },
      h("label", { id: "search-label", for: "search-words" }, say("label")),
      h("div", { class: "asking" }, this.#field, submit, close),
      h("p", { id: "search-hint", class: "hint" }, say("hint")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#search(null);
    });
    this.#panel = h("div", { class: "search" }, form, this.#told, this.#hits, this.#after);
    this.#panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.stopPropagation();
      this.#close(opener);
    });
    this.open(opener);
  }

  /** Show the field, with what was found before. */
  open(opener: HTMLElement): void {
    opener.closest(".top")?.after(this.#panel);
    set(opener, "aria-expanded", "true");
    this.#field.focus();
    this.#field.select();
  }

  #close(opener: HTMLElement): void {
    this.#panel.remove();
    set(opener, "aria-expanded", "false");
    opener.focus();
  }

  async #search(cursor: string | null): Promise<void> {
    const of = this.#of;
    const words = this.#field.value.trim();
    if (!words) return this.#field.focus();
    const round = (this.#round += 1);
    set(this.#panel, "aria-busy", "true");
    const query = `key=${encodeURIComponent(of.options.key)}&q=${encodeURIComponent(words)}`;
    try {
      const found = await of.api.get<Batch>(`/search?${query}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
      if (round === this.#round) this.#show(found, cursor !== null);
    } catch (error) {
      if (round === this.#round && !of.ended.aborted) this.#failed(error);
    } finally {
      if (round === this.#round) set(this.#panel, "aria-busy", null);
    }
  }

  #show({ comments, next }: Batch, more: boolean): void {
    const n = comments.length;
    const items = comments.map((comment) => this.#hit(comment));
    const text = this.#say(more ? "more" : n === 0 ? "none" : next === null ? "found" : "newest", { n });
    if (more) this.#hits.append(...items);
    else fill(this.#hits, ...items);
    set(this.#told, "class", "told");
    this.#told.textContent = more ? this.#say("found", { n: this.#hits.children.length }) : text;
    this.#of.live.status(text);
    fill(this.#after, next !== null && button(
      this.#say("older"), { class: "quiet", part: "button" }, () => void this.#search(next)));
    if (more) items[0]?.querySelector("a")?.focus();
  }

  #failed(error: unknown): void {
    const text = this.#of.say("notDone", { why: why(this.#of, failureOf(error)) });
    set(this.#told, "class", "told error");
    this.#told.textContent = text;
    this.#of.live.alert(text);
  }

  #hit(comment: Comment): HTMLElement {
    const { times, clock } = this.#of;
    const at = Date.parse(comment.created);
    const id = `hit-${comment.id}`;
    const link = h("a", { href: permalink(this.#of, comment.id), "aria-describedby": id }, this.#say("show"));
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      this.#visit(comment.id);
    });
    const time = h("time", { datetime: comment.created, title: times.full(at) }, times.short(at, clock.now()));
    return h(
      "li", {},
      h("p", { id, class: "by" }, h("bdi", {}, comment.name), " · ", time),
      h("div", { class: "body", part: "body", dir: "auto" }, ...grow(comment.tree ?? [])),
      link,
    );
  }
}
