/** One comment on the page: who, when, what, and what one can do with it. */

import type { Act, Veiling } from "./acts";
import { avatar } from "./avatar";
import { type Context, later, permalink } from "./context";
import { button, fill, h, set, unseen } from "./dom";
import { type Icon, icon } from "./icons";
import { type Comment, isGone, isOwn, type Status } from "./shapes";
import { grow } from "./tree";
import type { Key } from "./words";

const MINUTE = 60_000;
const BADGES = ["staff", "author", "expert"] as const;
const MARKS = ["pinned", "featured"] as const;
const GONE: Partial<Record<Status, Key & Icon>> = { removed: "removed", erased: "erased" };

/** What a reader can do with a comment. */
export interface Acts {
  visit(id: string): void;
  /** Load what the others need, because one of them is near. */
  prepare(): void;
  act(what: Act, id: string, pressed: HTMLElement): Promise<void>;
  /** What stands in place of a comment as long as its withdrawal can be undone. */
  undoing(id: string): Node | undefined;
}

export class Card {
  readonly item = h("li");
  readonly article: HTMLElement;
  readonly list = h("ol", { role: "list" });
  readonly more = h("div", { class: "more" });
  readonly #of: Context;
  readonly #acts: Acts;
  readonly #id: string;
  readonly #head = h("header");
  readonly #body = h("div", { class: "body", part: "body", dir: "auto" });
  readonly #state = h("div", { class: "state" });
  readonly #actions = h("div", { class: "actions", part: "actions" });
  // What most comments never need is put in when they do: a page may hold many of them.
  readonly #told = h("div", { class: "told" });
  readonly #reply = h("div", { class: "answer" });
  readonly #edit = h("div");
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
      this.#head, this.#body, this.#actions,
    );
    this.item.append(this.article);
    for (const near of ["pointerover", "focusin"]) this.#actions.addEventListener(near, () => acts.prepare());
  }

  /** Where the form of a reply stands. */
  get replyPlace(): HTMLElement {
    if (!this.#reply.isConnected) this.article.append(this.#reply);
    return this.#reply;
  }

  /** Where the form of an edit stands, in place of the text. */
  get editPlace(): HTMLElement {
    if (!this.#edit.isConnected) this.#body.after(this.#edit);
    return this.#edit;
  }

  /** Show the comment as it is now, in the list under `above` at this level (0 is the thread itself). */
  show(comment: Comment, above: Comment | null, level: number): void {
    const { store } = this.#of;
    this.above = above;
    this.level = level;
    const parent = comment.parent === null ? null : (store.get(comment.parent) ?? null);
    const flat = comment.parent !== null && comment.parent !== above?.id;
    const name = parent?.name || null;
    const { status, pinned, featured, badges } = comment;
    const head = [status, comment.name, comment.edited, comment.depth, name, flat, pinned, featured, `${badges}`];
    const veiled = this.#of.muted.has(comment.author) && !isOwn(comment) && !this.#of.unveiled.has(comment.id);
    if (this.#changed("veiled", [veiled])) for (const part of [this.#head, this.#body, this.#actions]) part.hidden = veiled;
    if (this.#changed("head", head)) this.#showHead(comment, parent, flat);
    if (this.#changed("body", [comment.tree, comment.status, comment.answered])) this.#showBody(comment);
    const state = isOwn(comment) ? [comment.status, comment.reason, store.lingers(comment.id)] : [status, veiled];
    if (this.#changed("state", state)) {
      this.#showState(comment, veiled);
      if (this.#state.firstChild) this.#actions.before(this.#state);
      else this.#state.remove();
    }
    const actions = [comment.status, isOwn(comment), this.#editable(comment), this.#of.writable, this.#paused()];
    if (this.#changed("actions", actions)) this.#showActions(comment);
    if (this.#recommend) this.#showRecommends(comment);
    set(this.item, "class", `level-${level}`);
    const look = veiled || isGone(comment) ? "gone" : status;
    set(this.article, "class", isOwn(comment) ? `own ${look}` : look);
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
    this.#actions.after(this.#told);
    later(this.#of, 10_000, () => line.remove());
  }

  #changed(part: string, now: readonly unknown[]): boolean {
    const before = this.#shown.get(part) as readonly unknown[] | undefined;
    this.#shown.set(part, now);
    return !before || now.some((value, at) => value !== before[at]);
  }

  /** Whether nobody on the whole site can write or recommend. */
  #paused(): boolean {
    return this.#of.article?.state === "read-only";
  }

  #editable(comment: Comment): boolean {
    if (this.#paused() || !isOwn(comment) || !["published", "held"].includes(comment.status)) return false;
    return Date.parse(comment.editable_until) > this.#of.clock.now();
  }

  #showHead(comment: Comment, parent: Comment | null, flat: boolean): void {
    const { say, level, times } = this.#of;
    const gone = isGone(comment);
    const to = comment.parent === null ? null : parent?.name || say(parent ? "someone" : "earlier");
    const at = Date.parse(comment.created);
    const hidden = to !== null && unseen(say("level", { name: to, n: comment.depth + 1 }));
    const who = gone ? unseen(say(GONE[comment.status] ?? "withdrawn")) : h("bdi", {}, comment.name);
    this.#time = h("time", { datetime: comment.created, title: times.full(at) });
    const heading = document.createElement(`h${Math.min(6, level + 1)}`);
    set(heading, "id", `by-${comment.id}`);
    set(heading, "part", "author");
    heading.append(who, ...(hidden ? [hidden] : []));
    fill(
      this.#head,
      gone ? h("span", { class: "avatar" }, icon(GONE[comment.status] ?? "withdraw")) : avatar(comment.name),
      heading,
      isOwn(comment) && !gone && this.#badge("you"),
      // Only what this release knows: a newer service may give others.
      ...BADGES.filter((one) => !gone && comment.badges?.includes(one)).map((one) => this.#badge(one, icon(one))),
      ...MARKS.filter((one) => !gone && comment[one]).map((one) => this.#badge(one, icon(one))),
      this.#visit(comment.id, { class: "time" }, this.#time),
      comment.edited !== null && h("span", { class: "edited", title: this.#editedAt(comment.edited) }, say("edited")),
      flat && to !== null && comment.parent !== null &&
        this.#visit(comment.parent, { class: "to" }, this.#of.dir === "rtl" ? "↲ " : "↳ ", say("inReplyTo", { name: to })),
    );
  }

  #badge(key: Key, drawing?: Node): HTMLElement {
    return h("span", { class: `badge ${key}`, part: "badge" }, drawing, this.#of.say(key));
  }

  #editedAt(at: string): string {
    return this.#of.say("editedAt", { time: this.#of.times.full(Date.parse(at)) });
  }

  /** A link to a comment that can be copied by the browser's own means, and stays on the page when it is followed. */
  #visit(id: string, attributes: Record<string, string>, ...label: (Node | string)[]): HTMLAnchorElement {
    const link = h("a", { href: permalink(this.#of, id), ...attributes }, ...label);
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      this.#acts.visit(id);
    });
    return link;
  }

  #showBody(comment: Comment): void {
    const { answered, tree } = comment;
    const was = answered && h("details", { class: "was" }, h("summary", {}, this.#of.say("was")), h("blockquote", {}, answered));
    fill(this.#body, was, ...(isGone(comment) ? [] : grow(tree ?? [])));
  }

  #showState(comment: Comment, veiled: boolean): void {
    const { say } = this.#of;
    if (veiled) {
      const way = (name: Veiling): HTMLElement => this.#pressing(name, say(name), "inline");
      return fill(this.#state, h("p", {}, say("muted", { name: comment.name }), way("show"), way("unmute")));
    }
    const line = (name: Icon, key: Key, reason: string | null = null): HTMLElement =>
      h("p", {}, icon(name), h("span", {}, say(key), reason && ` ${reason}`));
    if (isGone(comment)) {
      const undo = isOwn(comment) && this.#of.store.lingers(comment.id) && this.#acts.undoing(comment.id);
      // For ears, the heading says it.
      return fill(this.#state, undo || h("p", { "aria-hidden": "true" }, say(GONE[comment.status] ?? "withdrawn")));
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
    this.#recommend = open ? this.#recommendation(own || this.#paused()) : null;
    this.#left = own && edit ? h("span", { class: "left" }) : null;
    const report = open && !own && this.#action("flag", reported.has(id) ? "reported" : "report");
    fill(
      this.#actions,
      this.#recommend,
      open && writable && this.#action("reply", "reply"),
      edit && this.#action("edit", "edit"),
      own && kept && this.#action("withdraw", "withdraw"),
      open && this.#action("link", "link"),
      report,
      open && !own && comment.author && this.#action("mute", "mute"),
      this.#left,
    );
  }

  #action(name: Act & Icon, key: Key): HTMLElement {
    const made = this.#pressing(name, icon(name));
    const label = this.#of.say(key);
    // Only what may be put out of sight is an element of its own: a page holds many of them.
    made.append(name === "recommend" ? h("span", {}, label) : label);
    return made;
  }

  #pressing(name: Act, label: Node | string, look = ""): HTMLElement {
    const more = { class: look || null, "data-act": name, part: "button", "aria-describedby": `by-${this.#id}` };
    const made: HTMLElement = button(label, more, () => this.#acts.act(name, this.#id, made));
    return made;
  }

  #recommendation(fixed: boolean): HTMLElement {
    if (fixed) return h("span", { class: "total" }, icon("recommend"), h("span"));
    const made = this.#action("recommend", "recommend");
    return made;
  }

  #showRecommends(comment: Comment): void {
    const { say, recommended } = this.#of;
    const made = this.#recommend;
    const n = comment.recommends;
    if (!made) return;
    if (isOwn(comment) || this.#paused()) {
      made.hidden = n === 0;
      made.lastElementChild?.replaceChildren(say("recommendations", { n }));
      return;
    }
    const total = made.querySelector(".n");
    if (n === 0) total?.remove();
    else if (total) total.textContent = String(n);
    else made.append(h("span", { class: "n" }, String(n)));
    set(made, "aria-pressed", recommended.has(comment.id) ? "true" : "false");
  }
}
