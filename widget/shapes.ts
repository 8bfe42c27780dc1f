/** What the reader API answers with; the same names as in `web/shapes.py`. */

export type Status = "published" | "withdrawn" | "removed" | "erased" | "held" | "rejected";
/** The orders of a thread, the usual one first. */
export const SORTS = ["newest", "oldest", "recommended", "best", "liveliest"] as const;
export type Sort = (typeof SORTS)[number];
export type Badge = "staff" | "author" | "expert";

/** A node of a comment's body: words, or `[tag, ...children]`, or `["a", {href}, ...children]`. */
export type Tree = string | readonly [string, ...unknown[]];

export interface Comment {
  readonly id: string;
  readonly parent: string | null;
  readonly root: string;
  readonly depth: number;
  readonly name: string;
  /** The same for all comments of one person on this site; "" when the comment is gone. */
  readonly author: string;
  readonly badges?: readonly Badge[];
  readonly created: string;
  readonly edited: string | null;
  readonly status: Status;
  readonly featured: boolean;
  readonly pinned: boolean;
  readonly tree: readonly Tree[] | null;
  readonly recommends: number;
  readonly replies_total: number;
  /** How what it answers began when it was answered, if that was edited since. */
  readonly answered: string | null;
}

/** A comment of this browser, with what nobody else may know of it. */
export interface Own extends Comment {
  readonly status: "published" | "withdrawn" | "held" | "rejected";
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
  readonly state: "open" | "closed" | "archived" | "read-only";
  /** When its age ends it. */
  readonly closes_at: string | null;
  readonly comments: number;
  readonly shares: number;
  readonly version: number;
}

export interface Site {
  readonly name: string;
  readonly guests: boolean;
  /** Whether readers can sign in by mail; an older service does not say. */
  readonly mail?: boolean;
  /** Where readers can sign in with an account that they have there; an older service does not say. */
  readonly providers?: readonly { readonly key: string; readonly name: string }[];
  readonly moderation: "pre" | "post" | "first";
  /** The most characters a comment has. */
  readonly longest: number;
  /** What its owner has readers told where they write or leave an address, as plain text; an older service does not say. */
  readonly consent?: string | null;
  /** Pages of the paper about that. */
  readonly privacy_url?: string | null;
  readonly terms_url?: string | null;
  /** What the site asks of those who write. */
  readonly guidelines: readonly Tree[] | null;
}

export interface Page {
  readonly site: Site;
  readonly article: Article;
  readonly comments: readonly Root[];
  /** What the listed replies answer, in a list that has replies in it. */
  readonly parents?: readonly Comment[];
  readonly next: string | null;
}

/** How a text will look, and what its writer may want to think about before it is posted. */
export interface Previewed {
  readonly tree: readonly Tree[];
  readonly hints: readonly { readonly code: string; readonly text: string }[];
}

export interface Batch {
  readonly comments: readonly Comment[];
  readonly next: string | null;
}

/** What is around a comment; the answer of an older release, which a cache may still have, holds the first two. */
export interface Focus {
  readonly comment: Comment;
  readonly ancestors: readonly Comment[];
  readonly siblings?: readonly Comment[];
  readonly prev?: string | null;
  readonly next?: string | null;
  readonly replies?: readonly Comment[];
  readonly version?: number;
}

export interface Me {
  readonly name: string | null;
  /** Whether an account is behind it; an older service does not say. */
  readonly signed_in?: boolean;
  readonly comments: readonly Own[];
  readonly recommended: readonly string[];
  readonly reported: readonly string[];
  readonly reports: readonly { readonly comment: string; readonly outcome: string }[];
  /** How many notices are unread, and whether this conversation is followed; an older service does not say. */
  readonly unread?: number;
  readonly following?: boolean;
  /** Whom the account behind this browser has muted. */
  readonly muted?: readonly { readonly author: string; readonly name: string }[];
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
  return comment.status === "published" || isGone(comment);
}

/** Whether nothing is left of a comment but its place. */
export function isGone({ status }: Comment): boolean {
  return status === "withdrawn" || status === "removed" || status === "erased";
}
