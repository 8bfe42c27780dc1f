/** The tools of a form: marks by button and key, the quote of what is answered, the preview, and names after an @. */

import type { Context } from "./context";
import { adopt, button, fill, h, set } from "./dom";
import { draw } from "./drawing";
import type { Field } from "./field";
import { linesOf } from "./lines";
import { loader } from "./loader";
import { cited, type Mark, marked, quoted, shortened } from "./marking";
import type { Mentions } from "./mentions";
import type { Preview } from "./preview";
import css from "./tools.css";
import { type } from "./typing";
import type { Say } from "./words";

const QUOTE_MOST = 280;
const KEYS: Readonly<Record<string, Mark>> = { b: "bold", i: "italic", k: "link" };
const DRAWN: Readonly<Record<Mark, string>> = {
  bold: "M7 5h6a3.5 3.5 0 0 1 0 7H7zm0 7h7a3.5 3.5 0 0 1 0 7H7z",
  italic: "M10 5h7m-10 14h7m.5-14-5 14",
  link: "M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7L11.5 6.8m2.5 3.2a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.6-1.6",
  quote: "M10 7c-3 .5-5 2.8-5 6v4h5v-5H7m12-5c-3 .5-5 2.8-5 6v4h5v-5h-3",
  list: "M9 6.5h11m-11 5.5h11m-11 5.5h11M4.5 6.5v.1m0 5.4v.1m0 5.4v.1",
};
/** Before a name stands a blank or an opening sign; otherwise it is an address of mail. */
const CALLS = /(^|[\s([{"'“„«])@\S*$/;

const english = {
  tools: "Formatting",
  bold: "Bold",
  italic: "Italic",
  link: "Link",
  quote: "Quote",
  list: "List",
  preview: "Preview",
  write: "Write",
  cite: "Quote this comment",
  notLoaded: "This could not be loaded. Try again.",
};

/** Put the tools in this place of a form. */
export function equip(of: Context, field: Field, place: HTMLElement): void {
  adopt(of.root, css);
  new Tools(of, field, place);
}

class Tools {
  readonly #of: Context;
  readonly #field: Field;
  readonly #say: Say<keyof typeof english>;
  readonly #buttons: HTMLButtonElement[];
  readonly #look: HTMLButtonElement;
  readonly #previewing: () => Promise<typeof import("./preview")>;
  readonly #mentioning: () => Promise<typeof import("./mentions")>;
  #preview: Preview | null = null;
  #mentions: Promise<Mentions> | null = null;

  constructor(of: Context, field: Field, place: HTMLElement) {
    this.#of = of;
    this.#field = field;
    this.#say = of.speaker("tools", english);
    this.#previewing = loader(of.options.service, PREVIEW_CHUNK);
    this.#mentioning = loader(of.options.service, MENTIONS_CHUNK);
    this.#buttons = (["bold", "italic", "link", "quote", "list"] as const).map((mark) => this.#button(mark));
    this.#look = button(this.#say("preview"), { class: "look", part: "button", "aria-expanded": "false" }, () =>
      void this.#toggle());
    this.#place(place);
    this.#listen();
    if (field.plan.kind === "reply") this.#offerQuote();
  }

  #button(mark: Mark): HTMLButtonElement {
    const name = this.#say(mark);
    const key = Object.keys(KEYS).find((one) => KEYS[one] === mark);
    return button(
      draw(DRAWN[mark]),
      { "aria-label": name, title: name, part: "button", "aria-keyshortcuts": key && `Control+${key.toUpperCase()}` },
      () => this.#mark(mark),
    );
  }

  #mark(mark: Mark): void {
    const { text } = this.#field;
    if (text.hidden) return;
    type(text, marked(text.value, text.selectionStart, text.selectionEnd, mark));
  }

  /** One stop of the Tab key; the arrows go on from there. */
  #place(place: HTMLElement): void {
    const all = [...this.#buttons, this.#look];
    const stop = (at: number): void => all.forEach((one, here) => set(one, "tabindex", here === at ? 0 : -1));
    const bar = h("div", { class: "marks", role: "toolbar", "aria-label": this.#say("tools"), "aria-controls": this.#field.text.id });
    fill(bar, ...all);
    stop(0);
    // A press leaves the cursor and the selection where they are.
    bar.addEventListener("mousedown", (event) => event.preventDefault());
    bar.addEventListener("focusin", (event) => stop(all.indexOf(event.target as HTMLButtonElement)));
    bar.addEventListener("keydown", (event) => {
      const at = all.indexOf(this.#of.root.activeElement as HTMLButtonElement);
      const back = getComputedStyle(bar).direction === "rtl" ? "ArrowRight" : "ArrowLeft";
      const ways: Record<string, number> = { Home: 0, End: all.length - 1 };
      if (/^Arrow(Left|Right)$/.test(event.key)) ways[event.key] = (at + (event.key === back ? -1 : 1) + all.length) % all.length;
      const next = all[ways[event.key] ?? -1];
      if (!next) return;
      event.preventDefault();
      next.focus();
    });
    place.replaceWith(bar);
  }

  #listen(): void {
    const { text } = this.#field;
    text.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229 || event.altKey || event.shiftKey) return;
      const mark = (event.ctrlKey || event.metaKey) && KEYS[event.key.toLowerCase()];
      if (!mark) return;
      event.preventDefault();
      this.#mark(mark);
    });
    text.addEventListener("input", () => {
      if (this.#mentions || !CALLS.test(text.value.slice(0, text.selectionStart))) return;
      this.#mentions = this.#mentioning().then(({ Mentions }) => new Mentions(this.#of, this.#field));
      // Without the list, a name is typed to its end.
      this.#mentions.catch(() => (this.#mentions = null));
    });
  }

  async #toggle(): Promise<void> {
    const look = this.#look;
    if (!this.#preview) {
      const chunk = await this.#previewing().catch(() => null);
      if (!chunk) {
        this.#field.show(this.#say("notLoaded"));
        return this.#of.live.alert(this.#say("notLoaded"));
      }
      this.#preview ??= new chunk.Preview(this.#of, this.#field, (shown) => {
        look.textContent = this.#say(shown ? "write" : "preview");
        set(look, "aria-expanded", String(shown));
        // The field that may have had the focus is out of sight.
        if (shown) look.focus();
        for (const one of this.#buttons) set(one, "aria-disabled", shown ? "true" : null);
      });
    }
    this.#preview.toggle();
  }

  #offerQuote(): void {
    const { text, form } = this.#field;
    const cite = button(this.#say("cite"), { class: "inline cite", part: "button" }, () => {
      const body = form.closest("article")?.querySelector(".body");
      // What the comment quotes itself has been read by then.
      const own = [...(body?.children ?? [])].filter((one) => one.tagName !== "BLOCKQUOTE");
      if (!text.hidden) type(text, cited(text, quoted(shortened(linesOf(...own), QUOTE_MOST))));
    });
    form.querySelector(".title")?.after(cite);
  }
}
