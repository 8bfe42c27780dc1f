/** Draw the eye to a comment for a moment. */

import { type Context, later } from "./context";
import { adopt } from "./dom";
import css from "./lit.css";

const LIT = 4000;

export function light(of: Context, article: HTMLElement): void {
  adopt(of.root, css);
  article.toggleAttribute("data-lit", true);
  later(of, LIT, () => article.toggleAttribute("data-lit", false));
}
