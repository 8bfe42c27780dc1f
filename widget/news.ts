/** Bring what a reader sees up to date: what has changed is mended in place, what is new waits behind a button. */

import { isFailure } from "./api";
import type { Context } from "./context";
import { adopt, button, goTo, h } from "./dom";
import { Changes, type Listed, type Order } from "./changes";
import { foldsAbove } from "./folds";
import type { Stage } from "./following";
import { light } from "./lit";
import css from "./news.css";
import type { Comment, Focus, Page } from "./shapes";
import type { Say } from "./words";

/** Screen readers hear of new comments this often at most. */
const QUIET = 30_000;
/** So many parts of what is shown are asked for at one time, and then so many of what they leave open. */
const PARTS = 4;
const OPEN = 3;
const ORDERS: Readonly<Record<string, Order>> = { newest: "down", oldest: "up" };

const english = {
  news: { one: "{n} new comment", other: "{n} new comments" },
  many: "More than {n} new comments",
};

const GONE: Listed = { comments: [], next: null };

type Read = Listed | { comment: { id: string }; ancestors: readonly Comment[] };

export class News {
  readonly #of: Context;
  readonly #stage: Stage;
  readonly #say: Say<keyof typeof english>;
  readonly #pill = button("", { part: "button primary" }, () => void this.#show());
  readonly #bar = h("div", { class: "news", hidden: true }, this.#pill);
  /** The version that each part was last read at. */
  readonly #read = new Map<string, number>();
  #changes!: Changes;
  #begun = 0;
  /** Counts the loads of the thread, so that an answer about the one before is dropped. */
  #round = 0;
  /** What was pushed off the first page by newer comments. */
  #pushed = "";
  /** Where the list goes on behind what is new. */
  #more: string | null = null;
  /** More is new than this page held. */
  #gap = 0;
  #told = 0;
  #quiet = 0;

  constructor(of: Context, stage: Stage) {
    adopt(of.root, css);
    this.#of = of;
    this.#stage = stage;
    this.#say = of.speaker("news", english);
    of.root.querySelector(".roots")?.before(this.#bar);
    of.host.addEventListener("comments:loaded", () => this.#begin(), { signal: of.ended });
    this.#begin();
  }

  /** The thread was loaded, perhaps anew. */
  #begin(): void {
    const { article, folded, store, root } = this.#of;
    this.#round += 1;
    this.#begun = article?.version ?? 0;
    this.#read.clear();
    this.#changes = new Changes(store, {
      held: (id) => Boolean(this.#stage.card(id)?.item.contains(root.activeElement)),
      away: (id) => folded.has(id) || foldsAbove(this.#of, id).length > 0,
    });
    this.#more = null;
    this.#gap = 0;
    this.#paint();
  }

  /** The conversation is at this version. Returns whether that is news. */
  async look(version: number): Promise<boolean> {
    const of = this.#of;
    const { kept, writes, me } = of.api;
    const { first, reads } = kept;
    const { begun, ended } = writes;
    const round = this.#round;
    const late = (): boolean => of.ended.aborted || round !== this.#round || begun !== ended || begun !== writes.begun;
    const moved = version > (of.article?.version ?? 0);
    const asked = [...reads.keys()].filter((path) => this.#isStale(path, version)).slice(0, PARTS);
    const was = asked.map((path) => reads.get(path) as Read);
    const secret = moved ? of.session.secret() : null;
    const [mine, ...now] = await Promise.all([secret && me(secret), ...asked.map((path) => this.#again(path, version))]);
    // What was on its way while the reader did something may be older than what they see.
    if (late()) return true;
    const page = now[asked.indexOf(first)] as Page | undefined;
    // So may be what a cache has kept.
    if (page ? page.article.version < version : moved) return true;
    if (mine) of.store.addMine(mine.comments, of.clock.now());
    if (page) of.article = page.article;
    asked.forEach((path, at) => this.#compare(path, was[at] as Read, now[at] ?? null, version));
    await this.#askFurther(version, late);
    if (late()) return true;
    if (asked.length) this.#render();
    // What was not spoken of at once is, later.
    this.#paint();
    return moved;
  }

  /** Ask for what the answers left open: is a comment gone or only moved, and which replies are new? */
  async #askFurther(version: number, late: () => boolean): Promise<void> {
    const changes = this.#changes;
    const open = [...changes.open].slice(0, OPEN).map(([id, what]): [string, string, Read] => {
      const after = what === "replies" && this.#of.store.missing(id)?.after;
      const path = `/comments/${encodeURIComponent(id)}/${what}${after ? `?after=${encodeURIComponent(after)}` : ""}`;
      return [id, path, what === "replies" ? GONE : { comment: { id }, ancestors: [] }];
    });
    // What does not come now stays open.
    const found = await Promise.all(open.map(([, path]) => this.#again(path, version).catch(() => undefined)));
    if (late()) return;
    open.forEach(([id, path, was], at) => {
      const now = found[at];
      if (now !== undefined && changes.open.delete(id)) this.#compare(path, was, now, version);
    });
  }

  /** One part as it is at this version, or null when it is gone. */
  async #again(path: string, version: number): Promise<Read | null> {
    const { get, kept } = this.#of.api;
    // Named by the version, so that a cache keeps no older answer for it.
    const named = `${path}${path.includes("?") ? "&" : "?"}version=${version}`;
    try {
      return await get<Read>(named);
    } catch (error) {
      if (isFailure(error) && error.kind === "gone") return null;
      throw error;
    } finally {
      kept.reads.delete(named);
    }
  }

  #compare(path: string, was: Read, now: Read | null, version: number): void {
    const { kept: { first, reads } } = this.#of.api;
    const changes = this.#changes;
    // Of a list of their own, the reader has the article alone from there.
    if (path === first && this.#of.listing?.own) return void this.#read.set(path, version);
    changes.postponed = false;
    if ("comment" in was) {
      const found = now as Focus | null;
      changes.put(was.comment.id, found && found.comment);
      const around = found ? [...found.ancestors, ...(found.siblings ?? []), ...(found.replies ?? [])] : [];
      for (const one of around) changes.put(one.id, one);
    } else {
      const list = (now as Listed | null) ?? GONE;
      const order = path.includes("/replies") ? "up" : path.startsWith(first) ? (ORDERS[this.#of.sort] ?? null) : null;
      const missed = changes.compare(was, list, order, path.startsWith(first) && this.#of.store.part);
      if (path === first) this.#turnPage(was, list, missed);
    }
    if (changes.postponed) return;
    this.#read.set(path, version);
    if (now) reads.set(path, now);
    else reads.delete(path);
  }

  /** The first page does not hold what it held before. */
  #turnPage(was: Listed, now: Listed, missed: Listed["comments"]): void {
    const { api: { kept: { first, reads } }, store, sort } = this.#of;
    const last = now.comments.at(-1);
    if (!now.next || !last) return;
    const unknown = !store.get(last.id);
    if (unknown && was.next === null && ORDERS[sort] === "up") this.#more = now.next;
    if (unknown && this.#changes.isLater(last.id) && ORDERS[sort] === "down") this.#gap = now.comments.length;
    if (missed.length === 0 || !ORDERS[sort]) return;
    const before = reads.get(this.#pushed) as Listed | undefined;
    reads.delete(this.#pushed);
    this.#pushed = `${first}&cursor=${encodeURIComponent(now.next)}`;
    reads.set(this.#pushed, { comments: [...missed, ...(before?.comments ?? [])], next: now.next });
  }

  #isStale(path: string, version: number): boolean {
    const { first, reads } = this.#of.api.kept;
    if ((this.#read.get(path) ?? this.#begun) >= version) return false;
    if (path === first) return true;
    if (!path.startsWith(`${first}&`) && !path.startsWith("/comments/")) return false;
    const read = reads.get(path) as Read;
    const rows = "comment" in read ? [read.comment] : read.comments;
    return rows.some((row) => [row, ...("replies" in row ? row.replies : [])].some(({ id }) => this.#isNear(id)));
  }

  #isNear(id: string): boolean {
    const box = this.#stage.card(id)?.article.getBoundingClientRect();
    return box !== undefined && box.height > 0 && box.bottom > -innerHeight && box.top < 2 * innerHeight;
  }

  /** Show what has been mended; what the reader looks at stays where it is. */
  #render(): void {
    const { root } = this.#of;
    const top = (card: Element): number => card.getBoundingClientRect().top;
    const read = [...root.querySelectorAll("article")].find((card) => card.getBoundingClientRect().bottom > 0);
    const before = read ? top(read) : 0;
    this.#changes.settle();
    this.#stage.render();
    if (read?.isConnected && before < innerHeight) scrollBy({ top: top(read) - before, behavior: "instant" });
  }

  #paint(): void {
    const rows = this.#changes.ready().filter(({ author }) => !this.#of.muted.has(author));
    const n = this.#gap || rows.reduce((sum, row) => sum + 1 + ("replies" in row ? row.replies.length : 0), 0);
    const text = this.#say(this.#gap ? "many" : "news", { n });
    this.#bar.hidden = n === 0;
    if (this.#pill.textContent !== text) this.#pill.textContent = text;
    this.#told = Math.min(this.#told, n);
    if (n === this.#told || Date.now() < this.#quiet) return;
    this.#told = n;
    this.#quiet = Date.now() + QUIET;
    this.#of.live.status(text);
  }

  async #show(): Promise<void> {
    const { store } = this.#of;
    const stage = this.#stage;
    let ids: readonly string[];
    if (this.#gap) {
      await stage.load();
      ids = store.top().slice(0, 1);
    } else {
      ids = this.#changes.show();
      if (this.#more) stage.offer(this.#more);
      this.#more = null;
      stage.render();
    }
    this.#paint();
    const cards = ids.flatMap((id) => stage.card(id)?.article ?? []);
    cards.sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
    for (const card of cards) light(this.#of, card);
    if (cards[0]) goTo(cards[0]);
  }
}
