// The share row: what <comments-share> becomes. Plain links, no script and no picture of anybody else's. What only a
// reader who shares needs is loaded when the pointer or the focus comes to the row.

import { draw } from "./drawing";
import { h } from "./dom";
import { loader } from "./loader";
import { filled, offer } from "./offering";
import type { ShareOptions } from "./options";
import css from "./share.css";
import { usual } from "./usual" with { type: "macro" };
import { spoken } from "./words";

const NATIVE = "M12 15V3.5m0 0L8 7.5m4-4 4 4M8 11H5.5v9.5h13V11H16";
const COPY = "M9 9h11v11H9zm-3 6H4V4h11v2";
const MORE = "m7 10 5 5 5-5";

const english = {
  share: "Share this article",
  more: "More",
  native: "Share…",
  copy: "Copy link",
  copied: "Link copied",
  notLoaded: "That could not be loaded. Try again.",
};

/** Fill the element. Its shadow root exists; until now it shows the element's own content. */
export function mount(host: HTMLElement, options: ShareOptions): { update(options: ShareOptions): void; unmount(): void } {
  const root = host.shadowRoot as ShadowRoot;
  const before = root.adoptedStyleSheets;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
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
  const page = document.documentElement;
  const title =
    options.headline ||
    page.querySelector('meta[property="og:title"]')?.getAttribute("content") ||
    page.querySelector("h1")?.textContent ||
    page.querySelector("title")?.textContent ||
    "";
  // Half a character cannot be encoded.
  return title.replace(/\s+/g, " ").trim().toWellFormed();
}

/** A page that was opened before an upgrade hands its rows to the parts of after it: they only grow. */
class Row {
  readonly title: string;
  readonly row: HTMLElement;
  readonly status = h("span", { class: "unseen", role: "status" });
  /** What stands in the row, by the names of the networks; what has no room is hidden. */
  readonly inline = new Map<string, HTMLElement>();
  readonly say: Readonly<Record<keyof typeof english, string>>;
  readonly #watch = new ResizeObserver(() => requestAnimationFrame(() => this.fit()));
  readonly #load: () => Promise<typeof import("./sharing")>;

  constructor(
    readonly host: HTMLElement,
    readonly root: ShadowRoot,
    readonly options: ShareOptions,
  ) {
    const { lang, dir, instead } = spoken(host, options);
    const say = (this.say = Object.assign({}, english, ...instead.map((words) => words?.share)));
    this.title = titleOf(options);
    this.#load = loader(options.service, SHARING_CHUNK);
    this.#fill();
    this.row = h("div", { class: "row", part: "share", role: "group", "aria-label": say.share, lang, dir },
      "share" in navigator && pressable("native", NATIVE, say.native), pressable("copy", COPY, say.copy, say.copied), ...this.inline.values(),
      pressable("more", MORE, say.more), this.status);
    const load = (): unknown => this.#load().catch(() => undefined);
    for (const near of ["pointerover", "focusin"]) this.row.addEventListener(near, load);
    this.row.addEventListener("click", (event) => this.#press(event));
    root.replaceChildren(this.row);
    this.fit();
    this.#watch.observe(host.parentElement ?? host);
  }

  end(): void {
    this.#watch.disconnect();
    this.root.replaceChildren(h("slot"));
  }

  /** Say, to the eye too, that something could not be done. */
  tell(text: string): void {
    this.status.textContent = text;
    this.status.className = text ? "" : "unseen";
  }

  /** One line: networks for which there is no room are found under "More" alone. */
  fit(): void {
    const { inline, row } = this;
    row.classList.remove("tight");
    const each = [...inline.values()];
    for (const one of each) one.hidden = false;
    const tooLong = (): boolean => row.scrollWidth > row.clientWidth + 1;
    for (const one of each.toReversed()) if (tooLong()) one.hidden = true;
    row.classList.toggle("tight", tooLong());
  }

  #fill(): void {
    const { title, options: { networks, url } } = this;
    const known = new Map(usual());
    const wanted = networks?.match(/[^\s,]+/g) ?? [...known.keys()];
    for (const name of wanted) {
      const network = known.get(name);
      // An empty place for what is loaded then.
      this.inline.set(name, network ? offer(name, network, filled(network.href, { title, url })) : h("a"));
    }
    if (!wanted.every((name) => known.has(name))) this.#load().then(({ complete }) => complete(this), () => undefined);
  }

  /** Do at once what browsers let only a press do; the rest is for what is loaded. */
  #press({ target, isTrusted }: Event): void {
    const { title, options: { url }, say } = this;
    const [, name = ""] = (target as Element).closest("a, button")?.part ?? [];
    // Fails where the page may not write to the clipboard, or the reader closes the sheet again.
    const begin = async (): Promise<unknown> =>
      name === "copy" ? navigator.clipboard.writeText(url) : name === "native" ? navigator.share({ title, url }) : null;
    const done = begin().then(() => true, () => false);
    this.#load().then(
      ({ pressed }) => pressed(this, name, isTrusted, done),
      async () => this.tell((await done) ? { copy: say.copied, more: say.notLoaded }[name] ?? "" : say.notLoaded));
  }
}

export type { Row };

/** `other` is what its label becomes for a moment. */
function pressable(name: string, lines: string, label: string, other?: string): HTMLElement {
  const attributes = { part: `button ${name}`, popovertarget: name === "more" && "menu" };
  return h("button", attributes, draw(lines), h("span", { "data-other": other }, label));
}
