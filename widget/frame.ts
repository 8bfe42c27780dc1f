/** The parts of a thread around its comments: heading, sorting, notices, and the states in which there are none. */

import type { Failure, Kind } from "./api";
import { type Context, why } from "./context";
import { button, fill, h, set } from "./dom";
import { type Icon, icon } from "./icons";
import { isOwn, SORTS, type Tree } from "./shapes";
import { grow } from "./tree";
import type { Key } from "./words";

const SIGNS: Partial<Record<Kind, Icon>> = { limited: "clock", offline: "offline", network: "offline" };

const PARTS = ["all", "byStaff", "mine", "featured", "unanswered"] as const;

export class Frame {
  readonly section: HTMLElement;
  readonly heading: HTMLElement;
  readonly notices = h("div", { class: "notices" });
  readonly write = h("div", { class: "write" });
  readonly #stands = h("div");
  readonly #first: HTMLElement;
  readonly list = h("ol", { role: "list", class: "roots" });
  readonly #state = h("div", { class: "blank" });
  readonly #after = h("div", { class: "after" });
  readonly #sorting: HTMLElement;
  readonly order: HTMLSelectElement;
  /** Which comments are shown. */
  readonly only: HTMLSelectElement;
  /** How many people are muted, and the way to them. */
  readonly #muted: HTMLElement;
  readonly #of: Context;

  constructor(of: Context, chosen: (box: HTMLElement) => void, act: (what: "search" | "muted", pressed: HTMLElement) => void) {
    this.#of = of;
    this.heading = document.createElement(`h${of.level}`);
    set(this.heading, "id", "heading");
    set(this.heading, "tabindex", -1);
    this.order = this.#box(SORTS, of.sort, chosen);
    this.only = this.#box(PARTS, "all", chosen);
    const find: HTMLElement = button(of.say("search"), { part: "button" }, () => act("search", find));
    const named = (key: "sort" | "show", box: Node): HTMLElement => h("label", {}, h("span", {}, of.say(key)), " ", box);
    this.#sorting = h("div", { class: "sort", hidden: true }, find, named("sort", this.order), named("show", this.only));
    this.#muted = button("", { class: "inline", part: "button" }, () => act("muted", this.#muted));
    this.#first = h("p", { class: "first" }, icon("talk"), h("span", {}, of.say("first")));
    this.section = h(
      "section",
      { class: "thread", part: "thread", "aria-labelledby": "heading", lang: of.lang, dir: of.dir },
      h("div", { class: "top" }, this.heading, this.#sorting),
      this.notices, this.#stands, this.write, this.#state, this.list, this.#first, this.#after,
      h("div", { class: "muted" }, this.#muted), ...of.live.regions,
    );
    this.count();
  }

  count(): void {
    const { say, article, store, writable, muted } = this.#of;
    const n = article?.comments ?? 0;
    this.heading.textContent = n ? say("heading", { n }) : say("headingNone");
    this.#muted.hidden = muted.size === 0;
    this.#muted.textContent = say("mutedPeople", { n: muted.size });
    const [only = "", more] = store.top();
    const first = store.get(only);
    this.#first.hidden = n !== 1 || !writable || Boolean(more) || first?.status !== "published" || isOwn(first);
    this.#sorting.hidden = (n < 2 && !store.part) || store.only !== null;
  }

  /** Offer the next page, or nothing. */
  after(more: ((pressed: HTMLElement) => void) | null): void {
    if (!more) return fill(this.#after);
    const made: HTMLElement = button(this.#of.say("moreComments"), { part: "button", class: "wide" }, () => more(made));
    fill(this.#after, made);
  }

  /** Nothing is in the way of the comments. */
  clear(): void {
    set(this.section, "aria-busy", null);
    fill(this.#state);
  }

  loading(): void {
    set(this.section, "aria-busy", "true");
    const bones = (): HTMLElement => h("div", { class: "bones" }, h("i"), h("b"), h("b"), h("b"));
    fill(this.#state, h("div", { class: "skeleton", "aria-hidden": "true" }, bones(), bones(), bones()));
  }

  empty(open: boolean): void {
    const { listing, say } = this.#of;
    fill(this.#state, ...(listing?.empty() ?? [this.#line(open ? "talk" : "lock", say(open ? "empty" : "emptyClosed"))]));
  }

  failed(failure: Failure, retry: () => void): void {
    const { say } = this.#of;
    const text = `${say("loadFailed")} ${why(this.#of, failure)}`;
    const again: HTMLElement = button(say("retry"), { part: "button" }, () => {
      set(again, "aria-disabled", "true");
      retry();
    });
    set(this.section, "aria-busy", null);
    fill(this.#state, this.#line(SIGNS[failure.kind] ?? "alert", text), again);
    this.#of.live.alert(text);
  }

  /** Where the conversation stands, when it is not simply open. */
  stands(name: Icon, text: string): void {
    fill(this.#stands, text && h("p", { class: "shut" }, icon(name), h("span", {}, text)));
  }

  /** What the site asks of those who write, folded. */
  guide(tree: readonly Tree[]): HTMLElement {
    return h("details", {}, h("summary", {}, this.#of.say("guidelines")), h("div", { class: "body", dir: "auto" }, ...grow(tree)));
  }

  notice(text: string, label = "", act = (): void => undefined): void {
    const way = label && button(label, { class: "inline", part: "button" }, act);
    fill(this.notices, h("p", {}, h("span", {}, text), way));
  }

  #line(name: Icon, text: string): HTMLElement {
    return h("p", {}, icon(name), h("span", {}, text));
  }

  #box(words: readonly Key[], value: string, chosen: (box: HTMLElement) => void): HTMLSelectElement {
    const box = h("select", { part: "field" }, ...words.map((one) => h("option", { value: one }, this.#of.say(one))));
    box.value = value;
    box.addEventListener("change", () => chosen(box));
    return box;
  }
}
