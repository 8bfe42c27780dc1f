// The share row: what <comments-share> becomes. Plain links, no script and no picture of anybody else's.

import { count } from "./clicks";
import { adopt, button, h } from "./dom";
import { type Network, linkTo, NETWORKS } from "./links";
import { loader } from "./loader";
import { mark } from "./marks";
import type { Entry } from "./menu";
import type { ShareOptions } from "./options";
import css from "./share.css";
import { setTone } from "./tone";

const USUAL = "email whatsapp facebook x";
const COPIED_FOR = 3000;
const NOT_LOADED = "That could not be loaded. Try again.";

/** Fill the element. Its shadow root exists; until now it shows the element's own content. */
export function mount(host: HTMLElement, options: ShareOptions): { update(options: ShareOptions): void; unmount(): void } {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const before = root.adoptedStyleSheets;
  adopt(root, css);
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
  readonly #more = h("button", { type: "button", class: "more", part: "button more", popovertarget: "menu" }, h("span", {}, "More"), mark("more"));
  readonly #inline: HTMLElement[];
  readonly #all: readonly Network[];
  readonly #load: () => Promise<typeof import("./menu")>;
  #menu: Promise<HTMLElement> | null = null;
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
    this.#all = [...first, ...NETWORKS.filter((network) => !first.includes(network))];
    this.#load = loader(options.service, MENU_CHUNK);
    this.#inline = first.map((network) => this.#offer(network));
    this.#row = h("div", { class: "row", part: "share", role: "group", "aria-label": "Share this article", lang: "en" },
      "share" in navigator && this.#native(), this.#copy(), ...this.#inline, this.#more, this.#status);
    root.replaceChildren(this.#row);
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
    for (const near of ["pointerenter", "focus"]) {
      this.#more.addEventListener(near, () => this.#open().catch(() => undefined), { signal });
    }
    this.#more.addEventListener("click", () => {
      // One that is there already, the browser opens and closes.
      if (!this.root.querySelector("#menu")) this.#open().then((menu) => menu.showPopover(), () => this.#tell(NOT_LOADED));
    }, { signal });
    const watch = new ResizeObserver(() => requestAnimationFrame(() => signal.aborted || this.#fit()));
    watch.observe(this.host.parentElement ?? this.host);
    signal.addEventListener("abort", () => watch.disconnect());
  }

  /** One line: networks for which there is no room are found under "More" alone. */
  #fit(): void {
    const width = (this.host.parentElement ?? this.host).clientWidth;
    if (width === this.#width) return;
    this.#width = width;
    const row = this.#row;
    row.classList.remove("tight");
    this.#inline.forEach((each) => (each.hidden = false));
    const tooLong = (): boolean => row.scrollWidth > row.clientWidth + 1;
    for (const each of this.#inline.toReversed()) if (tooLong()) each.hidden = true;
    row.classList.toggle("tight", tooLong());
    this.#more.hidden = this.#all.every((_, at) => this.#inline[at]?.hidden === false);
  }

  #open(): Promise<HTMLElement> {
    this.#menu ??= this.#load().then(
      ({ menuOf }) => {
        const entries = this.#all.map((network, at): Entry => [
          this.#offer(network), () => this.#inline[at]?.hidden === false,
        ]);
        return menuOf(this.host, this.root, this.#more, entries);
      },
      (error: unknown) => {
        this.#menu = null;
        throw error;
      },
    );
    return this.#menu;
  }

  #offer(network: Network): HTMLElement {
    const { name, label, href } = network;
    const attributes = { class: "network", part: `network ${name}`, title: label };
    const made = href.includes("{server}")
      ? button("", attributes, () => this.#ask(network))
      : h("a", { ...attributes, href: linkTo(network, this.#title, this.options.url), target: "_blank", rel: "noopener" });
    if (made instanceof HTMLAnchorElement) made.addEventListener("click", (event) => this.#shared(name, event));
    const sign = mark(name);
    made.append(sign ?? "", h("span", {}, label));
    // Without its sign, which comes with the menu, it stands there by its name.
    if (!sign) this.#load().then((menu) => made.prepend(menu.mark(name)), () => undefined);
    return made;
  }

  #ask(network: Network): void {
    const what = { network, title: this.#title, url: this.options.url };
    loader<typeof import("./mastodon")>(this.options.service, MASTODON_CHUNK)().then(
      ({ askServer }) => askServer(this.root, what, (event) => this.#shared(network.name, event)),
      () => this.#tell(NOT_LOADED),
    );
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
    made.append(mark("done") ?? "", h("span", {}, h("span", {}, "Copy link"), h("span", { "aria-hidden": "true" }, "Link copied")));
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

  #tell(text: string): void {
    const note = h("p", { class: "by-hand" }, text);
    this.#row.after(note);
    this.#status.textContent = text;
    setTimeout(() => note.remove(), COPIED_FOR);
  }

  #shared(network: string, event: Event): void {
    if (event.isTrusted) count(this.options, network);
    this.host.dispatchEvent(new CustomEvent("comments:shared", { bubbles: true, composed: true, detail: { network } }));
  }
}
