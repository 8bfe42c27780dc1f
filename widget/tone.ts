/** Whether the page around is light or dark, told by the colour its words have here: nothing else is certain. */

import type { Context } from "./context";
import { set } from "./dom";

/** Fit the thread's own surfaces, fields and accent to the page. */
export function setTone(of: Pick<Context, "host">): void {
  set(of.host, "data-tone", isLight(getComputedStyle(of.host).color) ? "dark" : "light");
}

/** Whether a computed colour is light: its weighted channels are above the middle. */
export function isLight(colour: string): boolean {
  const numbers = colour.match(/[\d.]+/g)?.map(Number) ?? [];
  const [red = 0, green = 0, blue = 0] = numbers;
  // `color(srgb …)` counts to 1, `oklch` and its kin begin with the lightness.
  if (/^(ok)?l(ab|ch)/.test(colour)) return red > (/^ok/.test(colour) ? 0.6 : 60);
  const most = /^color/.test(colour) ? 1 : 255;
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / most > 0.5;
}
