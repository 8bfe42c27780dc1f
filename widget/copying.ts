/** Put the address of a comment on the clipboard, or show it where that is not allowed. */

import { type Context, permalink } from "./context";
import { h } from "./dom";

/** Where something is told: beside the comment. */
type Told = { tell(...words: (string | Node)[]): void };

export async function copyLink(
  of: Context,
  id: string,
  card: Told | undefined,
  words: Readonly<{ copied: string; shown: string }>,
): Promise<void> {
  const address = permalink(of, id);
  try {
    await navigator.clipboard.writeText(address);
    card?.tell(words.copied);
    of.live.status(words.copied);
  } catch {
    // Without the permission, or on a page without TLS, the reader copies by hand.
    const field = h("input", { readonly: true, "aria-label": words.shown, part: "field" });
    field.value = address;
    card?.tell(words.shown, " ", field);
    field.select();
  }
}
