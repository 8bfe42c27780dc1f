// What is behind "More": the networks for which there is no room in the row, and those that the row does not know by itself.

import { adopt, button, h } from "./dom";
import { draw } from "./drawing";
import { linkTo, type Network, NETWORKS } from "./links";
import { loader } from "./loader";
import { MARKS } from "./marks";
import css from "./menu.css";
import { offer } from "./offering";
import type { Row } from "./share";
import type { Told } from "./sharing";
import { setTone } from "./tone";
import { tongueOf } from "./words";

/** Put what is missing into the row: the networks of which it has only the place. */
export function complete(row: Row, told: Told): void {
  const { inline, root } = row;
  adopt(root, css);
  for (const [name, place] of inline) {
    if (place.firstChild) continue;
    const network = NETWORKS.find((one) => one.name === name);
    const made = network && offered(row, network, told);
    place.replaceWith(made ?? "");
    if (made) inline.set(name, made);
    else inline.delete(name);
  }
  // Then there is nothing more.
  row.row.classList.toggle("all", inline.size === NETWORKS.length);
  row.fit();
}

function offered(row: Row, network: Network, told: Told): HTMLElement {
  const { name, label, href } = network;
  const lines = MARKS[name] ?? "";
  if (!href.includes("{server}")) return offer(name, { label, lines }, linkTo(network, row.title, row.options.url));
  const attributes = { part: `network ${name}`, title: label };
  const made = button(draw(lines), attributes, () => ask(row, network, told));
  made.append(h("span", {}, label));
  return made;
}

/** A network of many servers: which is the reader's? */
function ask(row: Row, network: Network, told: Told): void {
  const what = { network, title: row.title, url: row.options.url, ...tongueOf(row.host, row.options) };
  adopt(row.root, css);
  setTone(row);
  loader<typeof import("./mastodon")>(row.options.service, MASTODON_CHUNK)().then(
    ({ askServer }) => askServer(row.root, what, (event) => told(network.name, event.isTrusted)),
    () => row.tell(row.say.notLoaded));
}

/** Open it; once it is there, the browser opens and closes it. */
export function openMenu(row: Row, told: Told): void {
  const { inline, root } = row;
  const more = row.row.querySelector<HTMLElement>("[part~=more]");
  if (!more || root.querySelector("#menu")) return;
  complete(row, told);
  const first = [...inline.keys()];
  const place = ({ name }: Network): number => (inline.has(name) ? first.indexOf(name) : NETWORKS.length);
  const networks = [...NETWORKS].sort((a, b) => place(a) - place(b));
  const items = networks.map((network): [string, HTMLElement] => [network.name, h("li", {}, offered(row, network, told))]);
  const menu = h(
    "div", { id: "menu", class: "menu", part: "menu", popover: "auto", dir: getComputedStyle(more).direction },
    h("ul", { role: "list" }, ...items.map(([, item]) => item)));
  menu.addEventListener("beforetoggle", (event) => {
    if (event.newState === "open") {
      setTone(row);
      for (const [name, item] of items) item.hidden = inline.get(name)?.hidden === false;
      // The browser gives the focus back to nothing when it came from a shadow root.
    } else if (menu.contains(root.activeElement)) more.focus();
  });
  menu.addEventListener("toggle", (event) => event.newState === "open" && put(menu, more));
  menu.addEventListener("click", ({ target, isTrusted }) => {
    const [, name] = (target as Element).closest("a")?.part ?? [];
    if (name) told(name, isTrusted);
    menu.hidePopover();
  });
  adopt(root, css);
  root.append(menu);
  menu.showPopover();
}

function put(menu: HTMLElement, more: Element): void {
  const { left, right, bottom, top } = more.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height, style } = menu;
  const start = menu.dir === "rtl" ? left : right - width;
  const below = bottom + height + 8 < innerHeight;
  // In the top layer, measured from the page's corner, it moves with the page.
  style.left = `${scrollX + Math.max(8, Math.min(start, document.documentElement.clientWidth - width - 8))}px`;
  style.top = `${scrollY + (below ? bottom + 6 : Math.max(8, top - height - 6))}px`;
}
