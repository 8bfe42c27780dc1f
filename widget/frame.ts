/** The parts of a thread around its comments: heading, sorting, notices, and the states in which there are none. */

import type { Failure } from "./api";
import { type Context, why } from "./context";
import { button, fill, h, set } from "./dom";
import { type Icon, icon } from "./icons";
import type { Sort } from "./options";

const SORTS: readonly Sort[] = ["newest", "oldest", "recommended"];

export class Frame {
  readonly section: HTMLElement;
  readonly heading: HTMLElement;
  readonly notices = h("div", { class: "notices" });
  readonly write = h("div", { class: "write" });
  readonly list = h("ol", { role: "list", class: "roots" });
  readonly #state = h("div", { class: "blank" });
  readonly #after = h("div", { class: "after" });
  readonly #sorting: HTMLElement;
  readonly #of: Context;

  constructor(of: Context, sorted: (sort: Sort) => void, search: (pressed: HTMLElement) => void) {
    this.#of = of;
    this.heading = document.createElement(`h${Math.min(6, Math.max(1, of.options.heading))}`);
    set(this.heading, "id", "heading");
    set(this.heading, "tabindex", -1);
    this.#sorting = this.#sortBox(sorted, search);
    this.section = h(
      "section",
      { class: "thread", part: "thread", "aria-labelledby": "heading", lang: of.options.lang || null },
      h("div", { class: "top" }, this.heading, this.#sorting),
      this.notices, this.write, this.#state, this.list, this.#after, ...of.live.regions,
    );
    this.count();
  }

  count(): void {
    const { say, article, store } = this.#of;
    const n = article?.comments ?? 0;
    this.heading.textContent = n ? say("heading", { n }) : say("headingNone");
    this.#sorting.hidden = n < 2 || store.only !== null;
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
    fill(this.#state, this.#line(open ? "talk" : "lock", this.#of.say(open ? "empty" : "emptyClosed")));
  }

  failed(failure: Failure, retry: () => void): void {
    const { say } = this.#of;
    const text = `${say("loadFailed")} ${why(this.#of, failure)}`;
    const again: HTMLElement = button(say("retry"), { part: "button" }, () => {
      set(again, "aria-disabled", "true");
      retry();
    });
    set(this.section, "aria-busy", null);
    fill(this.#state, this.#line(failure.kind === "limited" ? "clock" : "alert", text), again);
    this.#of.live.alert(text);
  }

  /** In place of the form, why there is none. */
  noForm(name: Icon, text: string): void {
    fill(this.write, h("p", { class: "shut" }, icon(name), h("span", {}, text)));
  }

  notice(text: string, label = "", act = (): void => undefined): void {
    const way = label && button(label, { class: "inline", part: "button" }, act);
    fill(this.notices, h("p", {}, h("span", {}, text), way));
  }

  #line(name: Icon, text: string): HTMLElement {
    return h("p", {}, icon(name), h("span", {}, text));
  }

  #sortBox(sorted: (sort: Sort) => void, search: (pressed: HTMLElement) => void): HTMLElement {
    const { say, sort } = this.#of;
    const box = h("select", { part: "field" }, ...SORTS.map((one) => h("option", { value: one }, say(one))));
    box.value = sort;
    box.addEventListener("change", () => sorted(box.value as Sort));
    const find: HTMLElement = button(say("search"), { part: "button" }, () => search(find));
    return h("div", { class: "sort", hidden: true }, find, h("label", {}, `${say("sort")} `, box));
  }
}
