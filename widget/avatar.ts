/** A round sign for a name: its first letter, and a colour that is always the same. No image is fetched. */

import { h } from "./dom";

export function avatar(name: string): HTMLElement {
  const sign = h("span", { class: "avatar", "aria-hidden": "true" }, initial(name));
  // A property set by script is what a policy without inline styles lets through.
  sign.style.setProperty("--hue", String(hue(name)));
  return sign;
}

// Making one takes longer than all else about a card. A part that has no use for it is bundled without it.
const letters = /* @__PURE__ */ new Intl.Segmenter();

/** The first letter or figure as a reader sees it, which may be several code points. */
export function initial(name: string): string {
  const start = name.search(/[\p{L}\p{N}]/u);
  const rest = start < 0 ? name : name.slice(start);
  // Nothing below U+0300 joins what stands before it, but a line feed.
  if (/^[ -\u02ff]{2}/.test(rest)) return rest.charAt(0).toLocaleUpperCase();
  const [first] = letters.segment(rest);
  return (first?.segment ?? "").toLocaleUpperCase();
}

/** A hue of 0 to 359 degrees: the name's UTF-16 units as digits of a number, modulo 360. */
export function hue(name: string): number {
  let found = 0;
  for (let at = 0; at < name.length; at += 1) found = (found * 31 + name.charCodeAt(at)) % 360;
  return found;
}
