// The share row: what <comments-share> becomes. Plain links, no script and no picture of anybody else's.

import { count } from "./clicks";
import { button, h } from "./dom";
import { type Network, linkTo, NETWORKS } from "./links";
import { mark } from "./marks";
import type { ShareOptions } from "./options";
import css from "./share.css";
import { setTone } from "./tone";

const USUAL = "email whatsapp facebook x";
const COPIED_FOR = 3000;

/** Fill the element. Its shadow root exists; until now it shows the element's own content. */
export function mount(host: HTMLElement, options: ShareOptions): { update(options: ShareOptions): void; unmount(): void } {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  const before = root.adoptedStyleSheets;
  root.adoptedStyleSheets = [...before, sheet];
  let row = new Row(host, root, options);
  return {
    update(changed) {
      row.end();
      row = new Row(host, root, changed);
    },
    unmount() {
      row.end();
      root.adoptedStyleSheets = before;
    },
  };
}

/** What is shared beside the address. */
function titleOf(options: ShareOptions): string {
  const title =
    options.headline ||
    document.querySelector('meta[property="og:title"]')?.getAttribute("content") ||
    document.querySelector("h1")?.textContent ||
    document.title;
  // Half a character cannot be encoded.
  return title.replace(/\s+/g, " ").trim().replace(/\p{Cs}/gu, "\uFFFD");
}

class Row {
  readonly #ends = new AbortController();
  readonly #title: string;
  readonly #status = h("span", { class: "unseen", role: "status" });
  readonly #menu = h("div", { id: "menu", class: "menu", part: "menu", popover: "auto" });
  readonly #more = h("button", { type: "button", class: "more", part: "button more", popovertarget: "menu" }, h("span", {}, "More"), mark("more"));
  readonly #inline: HTMLElement[];
  readonly #row: HTMLElement;
  #width = -1;
  #timer = 0;

  constructor(
    readonly host: HTMLElement,
    readonly root: ShadowRoot,
    readonly options: ShareOptions,
  ) {
    this.#title = titleOf(options);
    const chosen = (options.networks ?? USUAL).split(/[\s,]+/);
    const first = chosen.flatMap((name) => NETWORKS.find((network) => network.name === name) ?? []);
    const all = [...first, ...NETWORKS.filter((network) => !first.includes(network))];
    this.#inline = first.map((network) => this.#offer(network));
    this.#menu.append(h("ul", { role: "list" }, ...all.map((network) => h("li", {}, this.#offer(network)))));
    this.#row = h("div", { class: "row", part: "share", role: "group", "aria-label": "Share this article", lang: "en" },
      "share" in navigator && this.#native(), this.#copy(), ...this.#inline, this.#more, this.#status);
    root.replaceChildren(this.#row, this.#menu);
    setTone(this);
    this.#listen();
    this.#fit();
  }

  end(): void {
    this.#ends.abort();
    clearTimeout(this.#timer);
    this.root.replaceChildren(document.createElement("slot"));
  }

  #listen(): void {
    const { signal } = this.#ends;
    this.#menu.addEventListener("beforetoggle", (event) => event.newState === "open" && setTone(this), { signal });
    this.#menu.addEventListener("toggle", (event) => event.newState === "open" && this.#place(), { signal });
    this.#menu.addEventListener("click", () => this.#menu.hidePopover(), { signal });
    const watch = new ResizeObserver(() => requestAnimationFrame(() => signal.aborted || this.#fit()));
    watch.observe(this.host.parentElement ?? this.host);
    signal.addEventListener("abort", () => watch.disconnect());
  }

  /** One line: networks for which there is no room are found under "More" alone. */
  #fit(): void {
    const width = (this.host.parentElement ?? this.host).clientWidth;
    if (width === this.#width) return;
    this.#width = width;
    const entries = [...this.#menu.querySelectorAll("li")];
    const row = this.#row;
    row.classList.remove("tight");
    this.#inline.forEach((each) => (each.hidden = false));
    const tooLong = (): boolean => row.scrollWidth > row.clientWidth + 1;
    for (const each of this.#inline.toReversed()) if (tooLong()) each.hidden = true;
    row.classList.toggle("tight", tooLong());
    entries.forEach((entry, at) => (entry.hidden = this.#inline[at]?.hidden === false));
    this.#more.hidden = entries.every((entry) => entry.hidden);
  }

  #place(): void {
    const { left, right, bottom, top } = this.#more.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height, style } = this.#menu;
    const start = getComputedStyle(this.host).direction === "rtl" ? left : right - width;
    const below = bottom + height + 8 < innerHeight;
    // In the top layer, measured from the page's corner, it moves with the page.
    style.left = `${scrollX + Math.max(8, Math.min(start, document.documentElement.clientWidth - width - 8))}px`;
    style.top = `${scrollY + (below ? bottom + 6 : Math.max(8, top - height - 6))}px`;
  }

  #offer(network: Network): HTMLElement {
    const { name, label, href } = network;
    const inside = [mark(name), h("span", {}, label)];
    const attributes = { class: "network", part: `network ${name}`, title: label };
    const made = href.includes("{server}")
      ? button(null, attributes, () => void this.#ask(network))
      : h("a", { ...attributes, href: linkTo(network, this.#title, this.options.url), target: "_blank", rel: "noopener" });
    if (made instanceof HTMLAnchorElement) made.addEventListener("click", (event) => this.#shared(name, event));
    made.append(...inside);
    return made;
  }

  async #ask(network: Network): Promise<void> {
    const url = `${this.options.service}/a/${MASTODON_CHUNK}.js`;
    const { askServer } = (await import(url)) as typeof import("./mastodon");
    const what = { network, title: this.#title, url: this.options.url };
    askServer(this.root, what, (event) => this.#shared(network.name, event));
  }

  #native(): HTMLElement {
    const made = button(mark("native"), { class: "act", part: "button native" }, (event) => {
      const data = { title: this.#title, url: this.options.url };
      // A reader who closes the sheet again has shared nothing.
      navigator.share(data).then(() => this.#shared("native", event), () => {});
    });
    made.append(h("span", {}, "Share…"));
    return made;
  }

  #copy(): HTMLElement {
    const made = button(mark("copy"), { class: "act copy", part: "button copy" }, (event) => void this.#copied(made, event));
    made.append(mark("done"), h("span", {}, h("span", {}, "Copy link"), h("span", { "aria-hidden": "true" }, "Link copied")));
    return made;
  }

  async #copied(made: HTMLElement, event: Event): Promise<void> {
    this.#shared("copy", event);
    try {
      await navigator.clipboard.writeText(this.options.url);
    } catch {
      return this.#toCopy(made);
    }
    clearTimeout(this.#timer);
    made.classList.add("done");
    this.#status.textContent = "Link copied";
    this.#timer = window.setTimeout(() => {
      made.classList.remove("done");
      this.#status.textContent = "";
    }, COPIED_FOR);
  }

  /** Where a page may not write to the clipboard, the reader may. */
  #toCopy(made: HTMLElement): void {
    const field = h("input", { class: "by-hand", readonly: true, value: this.options.url, "aria-label": "The link, to copy", dir: "ltr" });
    field.addEventListener("blur", () => field.remove());
    this.#row.after(field);
    field.select();
    field.focus();
    made.classList.remove("done");
    this.#status.textContent = "The link is selected: copy it.";
  }

  #shared(network: string, event: Event): void {
    if (event.isTrusted) count(this.options, network);
    this.host.dispatchEvent(new CustomEvent("comments:shared", { bubbles: true, composed: true, detail: { network } }));
  }
}
