/** One comment on the page: who, when, what, and what one can do with it. */

import type { Act } from "./acts";
import { avatar } from "./avatar";
import { type Context, later, permalink } from "./context";
import { button, fill, h, set, unseen } from "./dom";
import { type Icon, icon } from "./icons";
import { type Comment, isOwn } from "./shapes";
import { grow } from "./tree";
import type { Key } from "./words";

const MINUTE = 60_000;

/** What a reader can do with a comment. */
export interface Acts {
  visit(id: string): void;
  /** Load what the others need, because one of them is near. */
  prepare(): void;
  act(what: Act, id: string, pressed: HTMLElement): void;
  /** What stands in place of a comment as long as its withdrawal can be undone. */
  undoing(id: string): Node | undefined;
}

export class Card {
  readonly item = h("li");
  readonly article: HTMLElement;
  /** Where the form of a reply stands. */
  readonly replyPlace = h("div", { class: "answer" });
  /** Where the form of an edit stands, in place of the text. */
  readonly editPlace = h("div");
  readonly list = h("ol", { role: "list" });
  readonly more = h("div", { class: "more" });
  readonly #of: Context;
  readonly #acts: Acts;
  readonly #id: string;
  readonly #head = h("header");
  readonly #body = h("div", { class: "body", part: "body", dir: "auto" });
  readonly #state = h("div", { class: "state" });
  readonly #actions = h("div", { class: "actions", part: "actions" });
  readonly #told = h("div", { class: "told" });
  readonly #shown = new Map<string, unknown>();
  /** Where it stood when it was last shown. */
  above: Comment | null = null;
  level = 0;
  #time: HTMLTimeElement | null = null;
  #left: HTMLElement | null = null;
  #recommend: HTMLElement | null = null;

  constructor(of: Context, acts: Acts, id: string) {
    this.#of = of;
    this.#acts = acts;
    this.#id = id;
    this.article = h(
      "article",
      { tabindex: -1, part: "comment", "aria-labelledby": `by-${id}` },
      this.#head, this.#body, this.editPlace, this.#state, this.#actions, this.#told, this.replyPlace,
    );
    this.item.append(this.article);
    for (const near of ["pointerover", "focusin"]) this.#actions.addEventListener(near, () => acts.prepare());
  }

  /** Show the comment as it is now, in the list under `above` at this level (0 is the thread itself). */
  show(comment: Comment, above: Comment | null, level: number): void {
    const { store } = this.#of;
    this.above = above;
    this.level = level;
    const parent = comment.parent === null ? null : (store.get(comment.parent) ?? null);
    const flat = comment.parent !== null && comment.parent !== above?.id;
    const name = parent?.name || null;
    const head = [comment.status, comment.name, comment.edited, comment.depth, name, flat];
    if (this.#changed("head", head)) this.#showHead(comment, parent, flat);
    if (this.#changed("body", [comment.tree, comment.status])) this.#showBody(comment);
    const state = isOwn(comment) ? [comment.status, comment.reason, store.lingers(comment.id)] : [comment.status];
    if (this.#changed("state", state)) this.#showState(comment);
    const actions = [comment.status, isOwn(comment), this.#editable(comment), this.#of.writable];
    if (this.#changed("actions", actions)) this.#showActions(comment);
    if (this.#recommend) this.#showRecommends(comment);
    set(this.item, "class", `level-${level}`);
    set(this.article, "class", isOwn(comment) ? `own ${comment.status}` : comment.status);
    this.tick(comment);
  }

  /** What changes by time alone. */
  tick(comment: Comment): void {
    const { say, times, clock } = this.#of;
    if (this.#time) this.#time.textContent = times.short(Date.parse(comment.created), clock.now());
    if (!isOwn(comment)) return;
    const left = Date.parse(comment.editable_until) - clock.now();
    if (this.#left) this.#left.textContent = left > 0 ? say("editable", { n: Math.ceil(left / MINUTE) }) : "";
  }

  /** Say something right at this comment; it goes by itself, or with the next. */
  tell(...what: (Node | string)[]): void {
    const line = h("p", {}, ...what);
    fill(this.#told, line);
    later(this.#of, 10_000, () => line.remove());
  }

  #changed(part: string, now: readonly unknown[]): boolean {
    const before = this.#shown.get(part) as readonly unknown[] | undefined;
    this.#shown.set(part, now);
    return !before || now.some((value, at) => value !== before[at]);
  }

  #editable(comment: Comment): boolean {
    if (!isOwn(comment) || !["published", "held"].includes(comment.status)) return false;
    return Date.parse(comment.editable_until) > this.#of.clock.now();
  }

  #showHead(comment: Comment, parent: Comment | null, flat: boolean): void {
    const { say, options, times } = this.#of;
    const gone = comment.status === "withdrawn";
    const to = comment.parent === null ? null : parent?.name || say("someone");
    const at = Date.parse(comment.created);
    const hidden = to !== null && unseen(say("level", { name: to, n: comment.depth + 1 }));
    const who = gone ? unseen(say("withdrawn")) : h("bdi", {}, comment.name);
    this.#time = h("time", { datetime: comment.created, title: times.full(at) });
    const heading = document.createElement(`h${Math.min(6, options.heading + 1)}`);
    set(heading, "id", `by-${comment.id}`);
    set(heading, "part", "author");
    heading.append(who, ...(hidden ? [hidden] : []));
    fill(
      this.#head,
      avatar(comment.name),
      heading,
      isOwn(comment) && !gone && h("span", { class: "badge", part: "badge" }, say("you")),
      this.#visit(comment.id, { class: "time" }, this.#time),
      comment.edited !== null && h("span", { class: "edited", title: this.#editedAt(comment.edited) }, say("edited")),
      flat && to !== null && comment.parent !== null &&
        this.#visit(comment.parent, { class: "to" }, "↳ ", say("inReplyTo", { name: to })),
    );
  }

  #editedAt(at: string): string {
    return this.#of.say("editedAt", { time: this.#of.times.full(Date.parse(at)) });
  }

  /** A link to a comment that can be copied by the browser's own means, and stays on the page when it is followed. */
  #visit(id: string, attributes: Record<string, string>, ...label: (Node | string)[]): HTMLAnchorElement {
    const link = h("a", { href: permalink(this.#of, id), ...attributes }, ...label);
    link.addEventListener("click", (event) => {
      if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      this.#acts.visit(id);
    });
    return link;
  }

  #showBody(comment: Comment): void {
    fill(this.#body, ...(comment.status === "withdrawn" ? [] : grow(comment.tree ?? [])));
  }

  #showState(comment: Comment): void {
    const { say } = this.#of;
    const line = (name: Icon, key: Key, reason: string | null = null): HTMLElement =>
      h("p", {}, icon(name), h("span", {}, say(key), reason && ` ${reason}`));
    if (comment.status === "withdrawn") {
      const undo = this.#of.store.lingers(comment.id) && this.#acts.undoing(comment.id);
      return fill(this.#state, undo || h("p", {}, say("withdrawn")));
    }
    if (!isOwn(comment) || comment.status === "published") return fill(this.#state);
    const held = comment.status === "held";
    fill(this.#state, line(held ? "clock" : "alert", held ? "pending" : "rejected", comment.reason));
  }

  #showActions(comment: Comment): void {
    const { writable, reported } = this.#of;
    const { id } = comment;
    const own = isOwn(comment);
    const open = comment.status === "published";
    const [edit, kept] = [this.#editable(comment), ["published", "held"].includes(comment.status)];
    this.#recommend = open ? this.#recommendation(own) : null;
    this.#left = own && edit ? h("span", { class: "left" }) : null;
    const report = open && !own && this.#action("flag", reported.has(id) ? "reported" : "report");
    if (report && reported.has(id)) set(report, "aria-disabled", "true");
    fill(
      this.#actions,
      this.#recommend,
      open && writable && this.#action("reply", "reply"),
      edit && this.#action("edit", "edit"),
      own && kept && this.#action("withdraw", "withdraw"),
      open && this.#action("link", "link"),
      report,
      this.#left,
    );
  }

  #action(name: Act & Icon, key: Key): HTMLElement {
    const made: HTMLElement = button(
      icon(name),
      { "data-act": name, part: "button", "aria-describedby": `by-${this.#id}` },
      () => this.#acts.act(name, this.#id, made),
    );
    made.append(h("span", {}, this.#of.say(key)));
    return made;
  }

  #recommendation(own: boolean): HTMLElement {
    if (own) return h("span", { class: "total" }, icon("recommend"), h("span"));
    const made = this.#action("recommend", "recommend");
    made.append(h("span", { class: "n" }));
    return made;
  }

  #showRecommends(comment: Comment): void {
    const { say, recommended } = this.#of;
    const total = this.#recommend?.lastElementChild;
    if (!this.#recommend || !total) return;
    if (isOwn(comment)) {
      this.#recommend.hidden = comment.recommends === 0;
      total.textContent = say("recommendations", { n: comment.recommends });
      return;
    }
    total.textContent = comment.recommends ? String(comment.recommends) : "";
    set(this.#recommend, "aria-pressed", recommended.has(comment.id) ? "true" : "false");
  }
}
