/** Which branches a reader has put away, and what is out of sight by that. */

import type { Context } from "./context";

type Of = Pick<Context, "store" | "folded">;

/** The comments above this one whose branch is put away. */
export function foldsAbove({ store, folded }: Of, id: string): string[] {
  const found: string[] = [];
  let at = store.get(id);
  while (at) {
    const { parent, root } = at;
    at = (parent !== null && store.get(parent)) || (root === at.id ? undefined : store.get(root));
    if (at && folded.has(at.id)) found.push(at.id);
  }
  return found;
}

/** Bring to light what is put away around a comment. */
export function unfold(of: Of, id: string): void {
  for (const above of foldsAbove(of, id)) of.folded.delete(above);
}
