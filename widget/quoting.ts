/** "Reply with quote", at words that a reader has selected in a comment; loaded with the first selection. */

import type { Acts, Card } from "./comment";
import type { Context } from "./context";
import { adopt, button } from "./dom";
import { linesOf } from "./lines";
import { cited, quoted, shortened } from "./marking";
import css from "./quoting.css";
import { type } from "./typing";

/** While a selection grows, nothing appears under the hand. */
const SETTLED = 250;
const MOST = 1000;
/** The height that it takes under the words. */
const ROOM = 44;

const english = { requote: "Reply with quote" };

interface Chosen {
  readonly id: string;
  readonly article: HTMLElement;
  readonly body: Element;
  readonly range: Range;
}

export class Quoting {
  readonly #of: Context;
  readonly #acts: Acts;
  readonly #list: { card(id: string): Card | undefined };
  readonly #offer: HTMLButtonElement;
  #chosen: Chosen | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(of: Context, acts: Acts, list: { card(id: string): Card | undefined }) {
    const { root, ended: signal } = of;
    adopt(root, css);
    this.#of = of;
    this.#acts = acts;
    this.#list = list;
    this.#offer = button(of.speaker("quoting", english)("requote"), { class: "requote", part: "button" }, () => {
      if (this.#chosen) void this.#quote(this.#chosen, this.#offer);
    });
    // A press leaves the selection as it is.
    this.#offer.addEventListener("mousedown", (event) => event.preventDefault());
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
    const look = (): void => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#look(), SETTLED);
    };
    document.addEventListener("selectionchange", look, { signal });
    root.addEventListener("keydown", (event) => (event as KeyboardEvent).key === "Escape" && this.#offer.remove(), { signal });
    // Who has selected something and goes to "Reply" means those words.
    root.addEventListener("click", (event) => this.#replying(event), { signal, capture: true });
    look();
  }

  #replying(event: Event): void {
    const pressed = (event.target as Element).closest<HTMLElement>('[data-act="reply"]');
    const chosen = pressed && this.#selected();
    if (!pressed || !chosen?.article.contains(pressed)) return;
    event.stopPropagation();
    void this.#quote(chosen, pressed);
  }

  #look(): void {
    // What is offered goes with its selection, and stays under the finger that presses it.
    if (this.#of.root.activeElement === this.#offer) return;
    const chosen = (this.#chosen = this.#selected());
    if (!chosen) return this.#offer.remove();
    this.#place(chosen);
  }

  /** Under the words where the comment goes on there, else beside "Reply": it covers nothing that can be pressed. */
  #place({ article, body, range }: Chosen): void {
    const offer = this.#offer;
    const [place, text, words] = [article, body, range].map((one) => one.getBoundingClientRect()) as [DOMRect, DOMRect, DOMRect];
    const over = words.bottom + ROOM < text.bottom && !body.querySelector("a");
    offer.classList.toggle("over", over);
    if (!over) return article.querySelector('[data-act="reply"]')?.after(offer);
    body.after(offer);
    offer.style.top = `${words.bottom - place.top + 6}px`;
    offer.style.left = `${Math.max(0, Math.min(words.left - place.left, place.width - offer.offsetWidth))}px`;
  }

  /** What is selected, if it lies in one comment that can be answered. */
  #selected(): Chosen | null {
    const range = this.#range();
    const body = range && elementOf(range.startContainer)?.closest(".body");
    const article = body?.closest<HTMLElement>("article");
    if (!range || range.collapsed || !body || !article || !range.toString().trim()) return null;
    // A triple click ends at the beginning of what follows.
    if (!body.contains(range.endContainer)) range.setEnd(body, body.childNodes.length);
    const whole = article.querySelector('[data-act="reply"]') && !body.closest("form");
    return whole ? { id: article.getAttribute("aria-labelledby")?.slice(3) ?? "", article, body, range } : null;
  }

  #range(): Range | null {
    const { root } = this.#of;
    const found = composed(root);
    if (!found || !root.contains(found.startContainer)) return null;
    const range = document.createRange();
    range.setStart(found.startContainer, found.startOffset);
    range.setEnd(found.endContainer, found.endOffset);
    return range;
  }

  async #quote({ id, range }: Chosen, pressed: HTMLElement): Promise<void> {
    const quote = quoted(shortened(linesOf(range.cloneContents()), MOST));
    await this.#acts.act("reply", id, pressed);
    this.#offer.remove();
    const text = this.#list.card(id)?.replyPlace.querySelector("textarea");
    if (text) type(text, cited(text, quote));
  }
}

/** The selection as it is inside of the shadow root; outside it looks like a point. */
function composed(root: ShadowRoot): StaticRange | null {
  const selection = getSelection();
  if (!selection?.getComposedRanges) return null;
  try {
    return selection.getComposedRanges({ shadowRoots: [root] })[0] ?? null;
  } catch {
    // Safari before 18.4 takes the roots themselves.
    return (selection.getComposedRanges as (root: ShadowRoot) => StaticRange[]).call(selection, root)[0] ?? null;
  }
}

const elementOf = (node: Node): Element | null => (node instanceof Element ? node : node.parentElement);
