/** Single keys in the comments: J and K go from one to the next, R answers. Loaded when the focus first comes among them. */

import type { Context } from "./context";
import type { List } from "./list";

const english = { keys: "Keys in a comment: J for the next one, K for the one before, R to reply." };

/** They count in a comment alone and in no field, and take from the page only what they do themselves (WCAG 2.1.4). */
export function listen(of: Context, cards: Pick<List, "card">): void {
  const { root } = of;
  root.querySelector<HTMLElement>(".roots")?.addEventListener("keydown", (event) => {
    const { key, code, altKey, ctrlKey, metaKey } = event;
    const at = event.target as Element;
    const here = at.closest("article");
    // Where other letters are typed, it is the key at that place.
    const letter = key > "~" ? code.slice(3).toLowerCase() : key;
    if (!here || !/^[jkr]$/.test(letter) || altKey || ctrlKey || metaKey || at.matches("input, textarea")) return;
    event.preventDefault();
    event.stopPropagation();
    if (letter === "r") return here.querySelector<HTMLElement>(".actions:not([hidden]) [data-act=reply]")?.click();
    const all = [...root.querySelectorAll("article")].filter((one) => !one.closest("[hidden]"));
    all[all.indexOf(here) + (letter === "j" ? 1 : -1)]?.focus();
  });
  // Who has come by keyboard is told; a field shows its focus to who has tapped, too.
  const at = root.activeElement?.matches(":focus-visible:not(input, textarea)") && root.activeElement.closest("[aria-labelledby^=by]");
  if (at) cards.card(`${at.getAttribute("aria-labelledby")}`.slice(3))?.tell(of.speaker("keys", english)("keys"));
}
