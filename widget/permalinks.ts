/** Find one comment, at whatever depth and page it stands; loaded when somebody follows a link to it. */

import type { Card } from "./comment";
import { type Context, failureOf, later, why } from "./context";
import { adopt, bring, button, fill, goTo, h, set } from "./dom";
import { foldsAbove, unfold } from "./folds";
import type { Frame } from "./frame";
import { light } from "./lit";
import css from "./permalinks.css";
import { type Batch, type Comment, type Focus, isGone, isPublic } from "./shapes";
import type { Say } from "./words";

const SETTLES = 4;
const SETTLE = 40;

const english = {
  oneBranch: "You followed a link to one conversation.",
  wholeThread: "Show the whole conversation",
  unknownComment: "The comment you followed a link to is not here, or not any more.",
  newer: "Newer comments",
  older: "Older comments",
  earlier: "Earlier replies",
  later: "Later replies",
  loaded: { one: "{n} more comment is here.", other: "{n} more comments are here." },
};

/** One end of the neighbours that are shown, where there are more behind it. */
interface Edge {
  readonly place: HTMLElement;
  cursor: string | null | undefined;
}

export class Permalinks {
  readonly #of: Context;
  readonly #frame: Frame;
  readonly #say: Say<keyof typeof english>;
  readonly #list: { card(id: string): Card | undefined; render(): void };
  /** The comment last asked for: a slow answer for another is dropped. */
  #wanted = "";
  /** What stands beside it, in the order in which it is shown, and both ends of that. */
  #beside: readonly string[] = [];
  #edges: Edge[] = [];

  constructor(of: Context, frame: Frame, list: { card(id: string): Card | undefined; render(): void }) {
    this.#of = of;
    this.#frame = frame;
    this.#list = list;
    this.#say = of.speaker("permalinks", english);
    adopt(of.root, css);
  }

  /** Bring a comment into view, wherever it is; say so when it is not there. */
  async show(id: string): Promise<void> {
    const { store, ended } = this.#of;
    this.#wanted = id;
    if (store.isShown(id)) {
      if (foldsAbove(this.#of, id).length) this.#open(id);
      return this.#reveal(id);
    }
    try {
      const own = store.get(id);
      // What waits for a moderator is known to nobody but its author, so the way to it is asked for its parent.
      const known = own && !isPublic(own) && own.parent !== null ? own.parent : id;
      const found = await this.#of.api.get<Focus>(`/comments/${encodeURIComponent(known)}/focus`);
      if (this.#wanted === id && !ended.aborted) this.#found(id, found);
    } catch (error) {
      if (this.#wanted === id && !ended.aborted) this.#missing(error);
    }
  }

  #found(id: string, found: Focus): void {
    const { store } = this.#of;
    const { comment, ancestors, siblings = [], replies = [] } = found;
    const say = this.#say;
    this.#take([...ancestors, comment, ...siblings, ...replies], found.version);
    this.#clear();
    if (isGone(comment)) store.linger(id, true);
    // With its root on the page, it has found its place; else its branch, or it and its neighbours, are shown alone.
    store.only = null;
    const root = comment.parent === null;
    this.#beside = [...siblings, comment].map((one) => one.id).sort();
    if (root) this.#beside = [...this.#beside].reverse();
    const alone = !store.isShown(id);
    if (alone) store.only = root ? this.#beside : [(ancestors[0] ?? comment).id];
    this.#open(id);
    if (alone) this.#frame.notice(say("oneBranch"), say("wholeThread"), () => this.#leave());
    if (alone || !root) this.#edges = [this.#edge(comment, found.prev, true), this.#edge(comment, found.next, false)];
    this.#offer();
    this.#reveal(id);
  }

  #open(id: string): void {
    unfold(this.#of, id);
    this.#list.render();
  }

  /** What came is newer than the page or, out of some cache, older: then only what is not known yet is taken in. */
  #take(comments: readonly Comment[], version = 0): void {
    const { store, article } = this.#of;
    const newest = version >= (article?.version ?? 0);
    for (const one of comments) if (newest || !store.get(one.id)) store.put(one);
  }

  #edge(comment: Comment, cursor: string | null | undefined, before: boolean): Edge {
    const key = comment.parent === null ? (before ? "newer" : "older") : before ? "earlier" : "later";
    const more = button(this.#say(key), { class: "further", part: "button" }, () => void this.#more(comment, edge, before, more));
    const edge: Edge = { place: h("div", { class: "edge" }, more), cursor };
    return edge;
  }

  /** Put the buttons at the ends of what is shown. */
  #offer(): void {
    this.#edges.forEach(({ place, cursor }, at) => {
      const item = this.#list.card(this.#beside.at(-at) ?? "")?.item;
      if (!cursor || !item) place.remove();
      else if (at === 0) item.prepend(place);
      else item.append(place);
    });
  }

  async #more(comment: Comment, edge: Edge, before: boolean, pressed: HTMLElement): Promise<void> {
    const { api, store, live, ended, say } = this.#of;
    set(pressed, "aria-disabled", "true");
    try {
      const address = `/comments/${comment.id}/beside?cursor=${encodeURIComponent(edge.cursor ?? "")}`;
      const { comments, next } = await api.get<Batch>(address);
      if (ended.aborted || !this.#edges.includes(edge)) return;
      const fresh = comments.map((one) => one.id);
      this.#take(comments);
      this.#beside = before ? [...fresh, ...this.#beside] : [...this.#beside, ...fresh];
      edge.cursor = next;
      if (store.only && comment.parent === null) store.only = this.#beside;
      this.#list.render();
      this.#offer();
      live.status(this.#say("loaded", { n: fresh.length }));
      // Where one reads on: at the end of what came before, or at the beginning of what came after.
      const first = this.#list.card((before ? fresh.at(-1) : fresh[0]) ?? "");
      if (first) goTo(first.article);
    } catch (error) {
      if (!ended.aborted) live.alert(say("notDone", { why: why(this.#of, failureOf(error)) }));
    } finally {
      set(pressed, "aria-disabled", null);
    }
  }

  #missing(error: unknown): void {
    const failure = failureOf(error);
    const { say } = this.#of;
    this.#tell(failure.kind === "gone" ? this.#say("unknownComment") : say("notDone", { why: why(this.#of, failure) }));
  }

  /** Say why it is not shown; the thread stays. */
  #tell(text: string): void {
    if (this.#of.store.only) this.#frame.notice(text, this.#say("wholeThread"), () => this.#leave());
    else this.#frame.notice(text);
    bring(this.#frame.notices, "center");
    this.#of.live.alert(text);
  }

  #leave(): void {
    this.#of.store.only = null;
    this.#clear();
    fill(this.#frame.notices);
    this.#list.render();
    goTo(this.#frame.heading);
  }

  #clear(): void {
    for (const { place } of this.#edges) place.remove();
    this.#edges = [];
  }

  #reveal(id: string): void {
    const card = this.#list.card(id);
    if (!card) return;
    // A step later: the browser has then done its own jump for the address.
    later(this.#of, 0, () => {
      goTo(card.article, "start");
      light(this.#of, card.article);
      this.#settle(id, card.article, SETTLES);
    });
  }

  /** What is above is drawn, and gets its true height, when it comes near: the place is taken again until that is over. */
  #settle(id: string, place: HTMLElement, times: number): void {
    later(this.#of, SETTLE, () => {
      if (this.#wanted !== id || this.#of.root.activeElement !== place) return;
      place.scrollIntoView({ block: "start", behavior: "instant" });
      if (times > 1) this.#settle(id, place, times - 1);
    });
  }
}
