/** What has changed in a conversation, told by what was read of it before and now. Pure: no DOM, no network. */

import type { Conversation } from "./conversation";
import { type Comment, isOwn, type Root } from "./shapes";

/** A page of roots, or a batch of replies. */
export interface Listed {
  readonly comments: readonly (Comment | Root)[];
  readonly next: string | null;
}

/** How a list goes on: later comments down, up, or in an order that is not theirs. */
export type Order = "up" | "down" | null;

/** What the reader has done with a comment: what is `held` has their focus, under what is `away` they see nothing. */
export interface Reader {
  held(id: string): boolean;
  away(id: string): boolean;
}

const NOTHING: Listed = { comments: [], next: "" };

const repliesOf = (row: Comment | Root | undefined): Listed =>
  row && "replies" in row ? { comments: row.replies, next: row.replies_next } : NOTHING;

export class Changes {
  readonly #store: Conversation;
  readonly #reader: Reader;
  /** What is new, and what it stands before; whoever stands later comes first. */
  readonly #waiting = new Map<string, { row: Comment | Root; before: string | null }>();
  readonly #totals = new Map<string, number>();
  #latest: string;
  /** What is to be asked for: comments that are gone or stand elsewhere, and roots whose replies have become more. */
  readonly open = new Map<string, "focus" | "replies">();
  /** Something has to wait for the reader to leave it. */
  postponed = false;

  constructor(store: Conversation, reader: Reader) {
    this.#store = store;
    this.#reader = reader;
    this.#latest = store.roots.reduce((a, b) => (a > b ? a : b), "");
  }

  /**
   * Mend what is known, note what is new, and forget what is gone. Returns what was there and is elsewhere now.
   *
   * Whoever reads a `part` of the conversation keeps what has left it: what is unanswered may be answered meanwhile.
   */
  compare(was: Listed, now: Listed, order: Order, part = false): (Comment | Root)[] {
    const old = new Map(was.comments.map((row) => [row.id, row]));
    let ends = was.next === null;
    let before: string | null = null;
    for (const row of [...now.comments].reverse()) {
      if (this.#store.get(row.id)) {
        ends = true;
        this.#mend(row, old.get(row.id));
      } else if (row.status !== "published") this.#waiting.delete(row.id);
      // What follows the last that is known here belongs to a page that is not loaded, and is not new.
      else if (ends && (order || this.isLater(row.id))) this.#waiting.set(row.id, { row, before });
      before = row.id;
      old.delete(row.id);
    }
    return [...old.values()].filter((row) => !this.#isGone(row.id, now, order, part));
  }

  /** Whether this comment was written after all that are shown. */
  isLater(id: string): boolean {
    return id > this.#latest;
  }

  /** A comment as it is now, or `null` when there is none. */
  put(id: string, row: Comment | null): void {
    const known = this.#store.get(id);
    if (!known || (row?.status !== known.status && this.#postpone(id))) return;
    if (row) this.#store.put(row);
    else this.#drop(id);
  }

  /** After all that has come: new replies stay out of sight, and out of the totals, until they are asked for. */
  settle(): void {
    const store = this.#store;
    for (const [id, { row }] of this.#waiting) {
      const above = row.parent !== null && store.get(row.parent) ? row.parent : row.root;
      if (id === row.root || !this.#reader.away(above)) continue;
      store.put(row);
      this.#waiting.delete(id);
    }
    for (const [id, total] of this.#totals) {
      const root = store.get(id);
      if (root) store.put({ ...root, replies_total: total - this.#hidden(id).length });
    }
    this.#totals.clear();
  }

  /** The new comments of what is shown. */
  ready(): (Comment | Root)[] {
    const { only } = this.#store;
    const rows = [...this.#waiting.values()].map(({ row }) => row);
    return rows.filter((row) => only === null || (only.includes(row.root) && row.id !== row.root));
  }

  /** Take the new comments in. Returns their ids. */
  show(): string[] {
    const store = this.#store;
    return this.ready().map((row) => {
      const before = this.#waiting.get(row.id)?.before ?? "";
      this.#waiting.delete(row.id);
      if ("replies" in row) {
        const at = store.roots.indexOf(before);
        store.roots.splice(before ? Math.max(at, 0) : store.roots.length, 0, row.id);
        store.addPage([row]);
        if (row.id > this.#latest) this.#latest = row.id;
      } else {
        const root = store.get(row.root);
        if (root) store.put({ ...root, replies_total: root.replies_total + 1 });
        store.put(row);
      }
      return row.id;
    });
  }

  #mend(row: Comment | Root, old: Comment | Root | undefined): void {
    const store = this.#store;
    const whole = store.missing(row.id) === null;
    this.put(row.id, row);
    if (!("replies" in row)) return;
    this.compare(repliesOf(old), repliesOf(row), "up");
    this.#totals.set(row.id, row.replies_total);
    const hidden = this.#hidden(row.id);
    const more = store.missing(row.id)?.count ?? 0;
    if (!whole || more === hidden.length) return;
    for (const id of hidden) this.#waiting.delete(id);
    if (more) this.open.set(row.id, "replies");
  }

  #isGone(id: string, now: Listed, order: Order, part: boolean): boolean {
    const last = now.comments.at(-1)?.id ?? "";
    const gone = !part && (now.next === null || (order === "up" && id < last) || (order === "down" && id > last));
    const known = this.#store.get(id);
    if (gone) this.#waiting.delete(id);
    if (known && !isOwn(known)) {
      if (gone) this.put(id, null);
      else if (part || !order) this.open.set(id, "focus");
    }
    return part || gone;
  }

  #drop(id: string): void {
    this.#store.drop(id);
    for (const reply of this.#hidden(id)) this.#waiting.delete(reply);
  }

  #postpone(id: string): boolean {
    const held = this.#reader.held(id);
    this.postponed ||= held;
    return held;
  }

  /** The replies of a root that are new and not shown. */
  #hidden(root: string): string[] {
    return [...this.#waiting.values()].flatMap(({ row }) => (row.root === root && row.id !== root ? row.id : []));
  }
}
