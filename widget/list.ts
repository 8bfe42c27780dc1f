/** The comments as nested lists; what stands right already is not touched. */

import { Card, type Acts } from "./comment";
import type { Context } from "./context";
import { arrange, button, fill } from "./dom";
import { LEVELS } from "./conversation";
import type { Comment } from "./shapes";

export class List {
  readonly #of: Context;
  readonly #acts: Acts;
  readonly #cards = new Map<string, Card>();
  readonly #nested: (card: Card, id: string) => void;

  /** `nested` is what else is done with a comment that others may stand under. */
  constructor(of: Context, acts: Acts, nested: (card: Card, id: string) => void) {
    this.#of = of;
    this.#acts = acts;
    this.#nested = nested;
  }

  card(id: string): Card | undefined {
    return this.#cards.get(id);
  }

  /** Begin anew, but for cards in which somebody is writing. */
  forget(): void {
    for (const [id, card] of this.#cards) if (!card.article.querySelector("form")) this.#cards.delete(id);
  }

  render(list: HTMLOListElement): void {
    this.#fill(list, this.#of.store.top(), null, 0);
  }

  tick(): void {
    for (const [id, card] of this.#cards) {
      const comment = this.#of.store.get(id);
      if (comment && card.item.isConnected) card.show(comment, card.above, card.level);
    }
  }

  #fill(list: HTMLOListElement, ids: readonly string[], above: Comment | null, level: number): void {
    const { store } = this.#of;
    const items: HTMLElement[] = [];
    for (const id of ids) {
      const comment = store.get(id);
      if (!comment) continue;
      const card = this.#cards.get(id) ?? new Card(this.#of, this.#acts, id);
      this.#cards.set(id, card);
      card.show(comment, above, level);
      items.push(card.item);
      if (level < LEVELS) this.#nest(card, comment, level);
    }
    arrange(list, items);
  }

  #nest(card: Card, comment: Comment, level: number): void {
    const under = this.#of.store.under(comment.id, level);
    // An empty list would be announced as one.
    if (under.length === 0) card.list.remove();
    // What is put in again where it stands would lose the focus.
    else if (!card.list.isConnected) card.article.after(card.list);
    this.#fill(card.list, under, comment, level + 1);
    if (level === 0) this.#offerMore(card, comment.id);
    this.#nested(card, comment.id);
  }

  #offerMore(card: Card, id: string): void {
    const missing = this.#of.store.missing(id);
    if (!missing) return card.more.remove();
    const { say } = this.#of;
    const text = say("moreReplies", { n: missing.count });
    const shown = card.more.querySelector("button");
    if (shown) shown.textContent = text;
    else fill(card.more, this.#moreButton(text, id));
    if (!card.more.isConnected) card.item.append(card.more);
  }

  #moreButton(text: string, id: string): HTMLElement {
    const made: HTMLElement = button(text, { part: "button", class: "further" }, () =>
      this.#acts.act("replies", id, made));
    return made;
  }
}
