// What is behind "More": all networks for which there is no room in the row; loaded when somebody is about to look.

import { adopt, h } from "./dom";
import { draw } from "./drawing";
import css from "./menu.css";
import { setTone } from "./tone";

const MARKS: Record<string, string> = {
  telegram: "M21 4 2.8 11.3l5.6 2.2L10.5 20l3.3-3.8 4.5 3.3zM8.4 13.5 21 4l-7.2 12.2",
  linkedin: "M5.5 10v10.5m0-16v.3m5 15.7V10m0 4.5a4 4 0 0 1 8 0v6",
  bluesky:
    "M12 11.3c-1-2-3.7-5.5-6.3-6.8-1.7-.8-3 .1-3 2 0 1 .6 4.8 1 5.8.7 1.9 2.7 2.4 4.8 2.1-3.2.6-3.8 2.2-2.1 4 3.3 3.4 5-.7 5.6-2.6.6 1.9 2.3 6 5.6 2.6 1.7-1.8 1.1-3.4-2.1-4 2.1.3 4.1-.2 4.8-2.1.4-1 1-4.8 1-5.8 0-1.9-1.3-2.8-3-2-2.6 1.3-5.3 4.8-6.3 6.8z",
  mastodon:
    "M19.8 9.3c0-4-2.3-5.3-7.8-5.3S4.2 5.3 4.2 9.3v3.5c0 5 2 7.4 6.6 7.4 2 0 3.7-.6 3.7-.6v-2.1s-1.4.5-3.2.5c-2 0-3.6-.5-3.6-2.7m.3-1.3V9.8a2 2 0 0 1 4 0v1.7m0-1.7a2 2 0 0 1 4 0V14",
  reddit:
    "M12 9.3c4.7 0 8.3 2.4 8.3 5.4S16.7 20 12 20s-8.3-2.3-8.3-5.3S7.3 9.3 12 9.3zm0 0 1-5 4 1M9 13.5v.4m6-.4v.4m-6.5 2.6c2 1.4 5 1.4 7 0M4.2 12.5a2 2 0 0 1 2.3-2.7m11 0a2 2 0 0 1 2.3 2.7",
};

export const mark = (name: string): SVGSVGElement => draw(MARKS[name] ?? "");

/** One network, and whether it stands in the row. */
export type Entry = readonly [offer: HTMLElement, inline: () => boolean];

/** The menu that `more` opens. */
export function menuOf(host: HTMLElement, root: ShadowRoot, more: HTMLElement, entries: readonly Entry[]): HTMLElement {
  const items = entries.map(([offer]) => h("li", {}, offer));
  const menu = h(
    "div", { id: "menu", class: "menu", part: "menu", popover: "auto" }, h("ul", { role: "list" }, ...items));
  menu.addEventListener("beforetoggle", (event) => {
    if (event.newState !== "open") return;
    setTone({ host });
    entries.forEach(([, inline], at) => {
      const item = items[at];
      if (item) item.hidden = inline();
    });
  });
  menu.addEventListener("toggle", (event) => event.newState === "open" && place(menu, host, more));
  menu.addEventListener("click", () => menu.hidePopover());
  adopt(root, css);
  root.append(menu);
  return menu;
}

function place(menu: HTMLElement, host: HTMLElement, more: HTMLElement): void {
  const { left, right, bottom, top } = more.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height, style } = menu;
  const start = getComputedStyle(host).direction === "rtl" ? left : right - width;
  const below = bottom + height + 8 < innerHeight;
  // In the top layer, measured from the page's corner, it moves with the page.
  style.left = `${scrollX + Math.max(8, Math.min(start, document.documentElement.clientWidth - width - 8))}px`;
  style.top = `${scrollY + (below ? bottom + 6 : Math.max(8, top - height - 6))}px`;
}
