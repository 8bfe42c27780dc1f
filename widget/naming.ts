/** Which names an @ may mean. Pure. */

import { type Comment, isOwn } from "./shapes";

const MOST = 8;
const LONGEST = 40;
/** The last @ before the cursor that stands at the beginning of a word, with what follows it in its line. */
const CALL = new RegExp(`(?:^|[\\s([{"'“„«])@([^@\\n]{0,${LONGEST}})$`);

/** What is called before this cursor: where its @ stands, and what is typed of the name. */
export function called(value: string, cursor: number): { from: number; query: string } | null {
  const query = CALL.exec(value.slice(0, cursor))?.[1];
  return query === undefined ? null : { from: cursor - query.length - 1, query };
}

/** Who takes part, as far as is loaded: first the author of the comment `near`, then who wrote last; never oneself. */
export function namesIn(comments: readonly Comment[], near: string | null): string[] {
  const others = comments.filter((comment) => comment.name && !isOwn(comment)).sort((a, b) => (a.id < b.id ? 1 : -1));
  const first = others.filter((comment) => comment.id === near);
  return [...new Set([...first, ...others].map((comment) => comment.name))];
}

/** The names of which a word begins so, those first that begin so themselves. */
export function matching(names: readonly string[], query: string): string[] {
  const wanted = folded(query);
  const first = names.filter((name) => folded(name).startsWith(wanted));
  const others = names.filter((name) => !first.includes(name) && folded(name).includes(` ${wanted}`));
  return [...first, ...others].slice(0, MOST);
}

const folded = (words: string): string => words.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
