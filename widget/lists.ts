/** Another order of the conversation, or a part of it alone; loaded when a reader chooses one, or has chosen it before. */

import { type Context, emit, type Listing } from "./context";
import { button, goTo, h } from "./dom";
import type { Frame } from "./frame";
import type { Icon, icon } from "./icons";
import { type Batch, type Comment, type Own, type Page, SORTS } from "./shapes";
import type { read, write } from "./storage";
import type { Key, Say } from "./words";

const english = {
  sorted: "Sorted by: {sort}",
  shown: "Shown: {list}",
  noStaff: "Neither the staff nor the author of the story has written here yet.",
  noFeatured: "The newsroom has not featured a comment here yet.",
  noUnanswered: "Every comment here has been answered.",
  noMine: "You have not written anything here from this browser.",
  showAll: "Show all comments",
};

interface Part {
  /** What the service calls it; what is the reader's own is asked for apart. */
  readonly filter: string | null;
  readonly nothing: keyof typeof english;
  readonly sign: Icon;
}

/** The parts, by the word that the reader chooses. */
const PARTS: Readonly<Record<string, Part>> = {
  byStaff: { filter: "staff", nothing: "noStaff", sign: "staff" },
  mine: { filter: null, nothing: "noMine", sign: "edit" },
  featured: { filter: "featured", nothing: "noFeatured", sign: "featured" },
  unanswered: { filter: "unanswered", nothing: "noUnanswered", sign: "talk" },
};

/** What the lists need of the thread around them. */
export interface Around {
  readonly frame: Frame;
  load(): Promise<void>;
  readonly icon: typeof icon;
  /** Of the thread's own chunk: where storage is blocked, its memory outlives an element. */
  readonly read: typeof read;
  readonly write: typeof write;
}

export async function listsIn(of: Context, around: Around): Promise<Lists> {
  return new Lists(of, around, of.speaker("lists", await of.further("lists", english)));
}

export class Lists implements Listing {
  readonly #of: Context;
  readonly #around: Around;
  readonly #text: Say<keyof typeof english>;
  #only = "all";

  constructor(of: Context, around: Around, text: Say<keyof typeof english>) {
    this.#of = of;
    this.#around = around;
    this.#text = text;
  }

  get own(): boolean {
    return this.#only === "mine";
  }

  /** Take up what this browser's reader chose last on this site. */
  recall(): void {
    const { order, only } = this.#around.frame;
    const [sort = "", part = ""] = (this.#around.read(this.#place) ?? "").split(" ");
    for (const [box, value] of [[order, sort], [only, part]] as const) {
      const before = box.value;
      box.value = value;
      // Kept by another release, which had others.
      if (!box.value) box.value = before;
    }
    this.#take();
  }

  /** The reader has chosen. */
  async choose(): Promise<void> {
    const { live, options, say, sort } = this.#of;
    const before = this.#only;
    this.#take();
    const usual = this.#of.sort === (SORTS.find((one) => one === options.sort) ?? SORTS[0]) && this.#only === "all";
    this.#around.write(this.#place, usual ? null : `${this.#of.sort} ${this.#only}`);
    await this.#around.load();
    const text = this.#text;
    const nothing = this.empty() && this.#of.store.top().length === 0 && PARTS[this.#only]?.nothing;
    const told = text("shown", { list: say(this.#only as Key) });
    live.status(before === this.#only && sort !== this.#of.sort ? text("sorted", { sort: say(this.#of.sort) })
      : nothing ? `${told}. ${text(nothing)}` : told);
    emit(this.#of, "sorted");
  }

  /** Show all again, and keep what was chosen: a link leads out of the part, for once. */
  async leave(): Promise<void> {
    this.#around.frame.only.value = "all";
    this.#take();
    await this.#around.load();
  }

  async page(cursor: string | null): Promise<Page> {
    const { options, sort, store } = this.#of;
    if (cursor === null) store.around.clear();
    const filter = PARTS[this.#only]?.filter;
    const asked = `key=${encodeURIComponent(options.key)}&sort=${sort}`;
    const behind = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
    const page = filter ? await this.#public(`/thread?${asked}&filter=${filter}`, behind) : await this.#own(asked, behind);
    for (const one of page.parents ?? []) store.around.set(one.id, one);
    return page;
  }

  /** What is said where there is nothing; null where there is nothing at all. */
  empty(): Node[] | null {
    const part = PARTS[this.#only];
    const text = this.#text;
    if (!part || !this.#of.article?.comments && !this.own) return null;
    const all = button(text("showAll"), { part: "button" }, () => {
      const { frame } = this.#around;
      frame.only.value = "all";
      void this.choose().then(() => goTo(frame.heading));
    });
    return [h("p", {}, this.#around.icon(part.sign), h("span", {}, text(part.nothing))), all];
  }

  get #place(): string {
    return `comments.list.${this.#of.options.site}`;
  }

  #take(): void {
    const of = this.#of;
    const { order, only } = this.#around.frame;
    of.sort = order.value as Context["sort"];
    this.#only = only.value;
    of.listing = this.#only === "all" ? null : this;
    of.store.part = of.listing !== null;
  }

  #public(first: string, behind: string): Promise<Page> {
    const { get, kept } = this.#of.api;
    if (!behind) {
      kept.first = first;
      kept.reads.clear();
    }
    return get<Page>(first + behind);
  }

  /** The reader's own, which no cache may hold, beside what everybody may know of the conversation. */
  async #own(asked: string, behind: string): Promise<Page> {
    const { api, article, session, site, sort } = this.#of;
    const secret = session.secret();
    const [known, mine] = await Promise.all([
      behind && article && site ? { article, site } : api.thread(sort, null),
      secret ? api.ask<Batch & { comments: readonly Own[]; parents: readonly Comment[] }>("GET", `/mine?${asked}${behind}`, { secret }) : null,
    ]);
    const comments = (mine?.comments ?? []).map((own) => ({ ...own, replies: [], replies_next: null }));
    return { article: known.article, site: known.site, comments, parents: mine?.parents ?? [], next: mine?.next ?? null };
  }
}
