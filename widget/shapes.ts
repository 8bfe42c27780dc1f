/** What the reader API answers with; the same names as in `web/shapes.py`. */

export type Status = "published" | "withdrawn" | "held" | "rejected";

/** A node of a comment's body: words, or `[tag, ...children]`, or `["a", {href}, ...children]`. */
export type Tree = string | readonly [string, ...unknown[]];

export interface Comment {
  readonly id: string;
  readonly parent: string | null;
  readonly root: string;
  readonly depth: number;
  readonly name: string;
  readonly created: string;
  readonly edited: string | null;
  readonly status: Status;
  readonly tree: readonly Tree[] | null;
  readonly recommends: number;
  readonly replies_total: number;
}

/** A comment of this browser, with what nobody else may know of it. */
export interface Own extends Comment {
  readonly editable_until: string;
  readonly reason: string | null;
  readonly source: string;
}

/** A root in a page of the thread, with its first replies and where the further ones begin. */
export interface Root extends Comment {
  readonly replies: readonly Comment[];
  readonly replies_next: string | null;
}

export interface Article {
  readonly key: string;
  readonly title: string;
  readonly url: string;
  readonly open: boolean;
  readonly comments: number;
  readonly shares: number;
  readonly version: number;
}

export interface Site {
  readonly name: string;
  readonly guests: boolean;
  readonly moderation: "pre" | "post" | "first";
}

export interface Page {
  readonly site: Site;
  readonly article: Article;
  readonly comments: readonly Root[];
  readonly next: string | null;
}

export interface Batch {
  readonly comments: readonly Comment[];
  readonly next: string | null;
}

export interface Focus {
  readonly comment: Comment;
  readonly ancestors: readonly Comment[];
}

export interface Me {
  readonly name: string | null;
  readonly comments: readonly Own[];
  readonly recommended: readonly string[];
  readonly reported: readonly string[];
  readonly now: string;
}

export interface FormToken {
  readonly token: string;
  /** Milliseconds until the service takes it. */
  readonly usable_in: number;
}

export function isOwn(comment: Comment): comment is Own {
  return "editable_until" in comment;
}

export function isPublic(comment: Comment): boolean {
  return comment.status === "published" || comment.status === "withdrawn";
}
