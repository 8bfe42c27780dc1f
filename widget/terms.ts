/** What the owner has readers told where they write or leave an address, with links to the paper's own pages. */

import type { Context } from "./context";
import { h } from "./dom";

const english = { privacy: "Privacy", terms: "Terms" };

/** A line for under the fields; where the owner says nothing, there is nothing in it. */
export function terms({ site, speaker }: Context): HTMLElement {
  const say = speaker("terms", english);
  const link = (key: keyof typeof english, href?: string | null) =>
    href && h("span", {}, " ", h("a", { href, target: "_blank", rel: "noopener nofollow" }, say(key)));
  return h("div", { class: "small terms", dir: "auto" }, site?.consent, link("privacy", site?.privacy_url), link("terms", site?.terms_url));
}
