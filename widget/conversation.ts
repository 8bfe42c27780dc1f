/** The comments a reader has loaded, and in which order they stand. Pure: no DOM, no network. */

import { type Comment, isGone, isOwn, isPublic, type Own, type Root } from "./shapes";

/** Replies are indented this many times; deeper ones stand in one flat list. */
export const LEVELS = 4;
/** A cache in front of the service may not know yet what this browser wrote in the last ten minutes. */
const FRESH = 10 * 60_000;

export class Conversation {
  readonly #comments = new Map<string, Comment>();
  readonly #after = new Map<string, string>();
  /** The roots, in the order in which they stand. */
  roots: string[] = [];
  #children: Map<string, string[]> | null = null;
  #places = new Set<string>();
  readonly #lingering = new Set<string>();
  /** When set, only these comments and what is under them are shown. */
  only: readonly string[] | null = null;
  /** Whether the roots are a part of all, chosen by the reader: then no own comment joins them by itself. */
  part = false;
  /** What the listed replies of a part answer; it is named, and has no place. */
  readonly around = new Map<string, Comment>();

  clear(): void {
    this.#comments.clear();
    this.#after.clear();
    this.roots = [];
    this.#children = null;
    this.only = null;
  }

  get(id: string): Comment | undefined {
    return this.#comments.get(id) ?? this.around.get(id);
  }

  /** Take one page of roots in. Returns the ids that were not shown before. */
  addPage(roots: readonly Root[]): string[] {
    const known = new Set(this.roots);
    const fresh = roots.filter((root) => !known.has(root.id)).map((root) => root.id);
    for (const { replies, replies_next, ...root } of roots) {
      this.put(root);
      for (const reply of replies) this.put(reply);
      if (!this.#after.has(root.id)) this.#after.set(root.id, replies_next ?? "");
    }
    this.roots.push(...fresh);
    return fresh;
  }

  /** Take further replies of one root in. Returns the ids that were not known before. */
  addReplies(root: string, comments: readonly Comment[], next: string | null): string[] {
    const fresh = comments.filter((comment) => !this.#comments.has(comment.id)).map((comment) => comment.id);
    for (const comment of comments) this.put(comment);
    // Behind the last there is no cursor: what is written later comes with the last of these again.
    if (next !== null) this.#after.set(root, next);
    return fresh;
  }

  /** Take this browser's own comments in; what no public page shows yet stands on top. */
  addMine(mine: readonly Own[], now: number): void {
    for (const own of [...mine].sort((a, b) => (a.id < b.id ? -1 : 1))) {
      const recent = own.status !== "withdrawn" && now - Date.parse(own.created) < FRESH;
      this.put(own);
      if (!this.part && own.id === own.root && (recent || !isPublic(own))) this.#pin(own.id);
    }
  }

  /** Take a comment in that was written just now. */
  addNew(own: Own): void {
    const root = this.#comments.get(own.root);
    if (root && own.status === "published" && !this.#comments.has(own.id)) {
      this.put({ ...root, replies_total: root.replies_total + 1 });
    }
    this.put(own);
    if (own.id === own.root) this.#pin(own.id);
  }

  /** Take a comment in, or what is new about it; what is known of an own comment is kept. */
  put(comment: Comment): void {
    const known = this.#comments.get(comment.id);
    const kept = known && isOwn(known) && !isOwn(comment);
    const { recommends, replies_total } = comment;
    this.#comments.set(comment.id, kept ? { ...known, recommends, replies_total } : comment);
    this.#children = null;
  }

  /** Forget a comment that is not there any more. */
  drop(id: string): void {
    this.#comments.delete(id);
    this.roots = this.roots.filter((root) => root !== id);
    this.#children = null;
  }

  /** Keep the place of a comment that is gone although nothing hangs on it: it can be undone, or was asked for. */
  linger(id: string, on: boolean): void {
    if (on) this.#lingering.add(id);
    else this.#lingering.delete(id);
    this.#children = null;
  }

  lingers(id: string): boolean {
    return this.#lingering.has(id);
  }

  /** The comments without a level above them, in the order in which they are shown. */
  top(): readonly string[] {
    return this.only ?? this.roots.filter((id) => this.#hasPlace(this.#comments.get(id)));
  }

  /** What stands in the list under a comment of this level; the last level holds all that is deeper, parents first. */
  under(id: string, level: number): readonly string[] {
    const direct = this.#repliesTo(id);
    if (level + 1 < LEVELS) return direct;
    const flat: string[] = [];
    const waiting = [...direct].reverse();
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      flat.push(next);
      for (const reply of [...this.#repliesTo(next)].reverse()) waiting.push(reply);
    }
    return flat;
  }

  /** How many public replies of a root are not loaded, and the cursor they begin at ("" is their beginning); or null. */
  missing(id: string): { count: number; after: string } | null {
    const root = this.#comments.get(id);
    if (!root || root.root !== id) return null;
    let loaded = 0;
    for (const comment of this.#comments.values()) {
      if (comment.root === id && comment.id !== id && comment.status === "published") loaded += 1;
    }
    const count = Math.max(0, root.replies_total - loaded);
    const after = this.#after.get(id);
    if (count === 0) return null;
    return { count, after: after ?? "" };
  }

  /** Whether a comment stands somewhere in what is shown. */
  isShown(id: string): boolean {
    const top = new Set(this.top());
    let at = this.#comments.get(id);
    if (!this.#hasPlace(at)) return false;
    while (at) {
      if (top.has(at.id)) return true;
      const above = this.#above(at);
      at = above === null ? undefined : this.#comments.get(above);
    }
    return false;
  }

  /** Own comments that wait for a moderator in a part of the thread that is not loaded. */
  elsewhere(): Own[] {
    const own = [...this.#comments.values()].filter(isOwn);
    return own.filter((comment) => !this.part && comment.status === "held" && !this.isShown(comment.id));
  }

  /** All that is loaded. */
  all(): Comment[] {
    return [...this.#comments.values()];
  }

  #pin(id: string): void {
    if (!this.roots.includes(id)) this.roots.unshift(id);
  }

  #hasPlace(comment: Comment | undefined): boolean {
    this.#children ??= this.#grouped();
    return comment !== undefined && this.#places.has(comment.id);
  }

  #above(comment: Comment): string | null {
    if (comment.parent !== null && this.#comments.has(comment.parent)) return comment.parent;
    return comment.root !== comment.id && this.#comments.has(comment.root) ? comment.root : null;
  }

  #repliesTo(id: string): readonly string[] {
    this.#children ??= this.#grouped();
    return this.#children.get(id) ?? [];
  }

  #grouped(): Map<string, string[]> {
    const children = new Map<string, string[]>();
    this.#places = new Set();
    const bearing = new Set<string>();
    // What a part lists stands nowhere else.
    const listed = new Set(this.roots);
    // Ids sort by time, and a parent before its replies: from the last on, what hangs on a comment is known before it.
    for (const comment of [...this.#comments.values()].sort((a, b) => (a.id < b.id ? 1 : -1))) {
      const { id, replies_total } = comment;
      // What is gone keeps its place only while something hangs on it.
      if (isGone(comment) && !replies_total && !bearing.has(id) && !this.#lingering.has(id)) continue;
      this.#places.add(id);
      const above = this.#above(comment);
      if (above === null || listed.has(id)) continue;
      bearing.add(above);
      const siblings = children.get(above);
      if (siblings) siblings.push(id);
      else children.set(above, [id]);
    }
    for (const siblings of children.values()) siblings.reverse();
    return children;
  }
}
