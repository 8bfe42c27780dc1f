/** Links to one comment, at whatever depth and page it stands. */

import type { Card } from "./comment";
import { type Context, failureOf, later, why } from "./context";
import { fill, goTo } from "./dom";
import type { Frame } from "./frame";
import { type Focus, isPublic } from "./shapes";

const LINK = /^#comment-([0-9A-Za-z_-]{1,40})$/;

/** The comment that an address points to, or null. */
export function aimed(hash: string): string | null {
  return LINK.exec(hash)?.[1] ?? null;
}

export class Permalinks {
  readonly #of: Context;
  readonly #frame: Frame;
  readonly #list: { card(id: string): Card | undefined; render(): void };
  /** The comment last asked for: a slow answer for another is dropped. */
  #wanted = "";

  constructor(of: Context, frame: Frame, list: { card(id: string): Card | undefined; render(): void }) {
    this.#of = of;
    this.#frame = frame;
    this.#list = list;
  }

  /** Follow a link that stands in the thread itself. */
  visit(id: string): void {
    const there = `#comment-${id}`;
    if (location.hash === there) void this.show(id);
    else location.hash = there;
  }

  /** Bring a comment into view, wherever it is; say so when it is not there. */
  async show(id: string): Promise<void> {
    const { store, ended } = this.#of;
    this.#wanted = id;
    if (!this.#of.article) return;
    if (store.isShown(id)) return this.#reveal(id);
    try {
      const own = store.get(id);
      // What waits for a moderator is known to nobody but its author, so the way to it is asked for its parent.
      const known = own && !isPublic(own) && own.parent !== null ? own.parent : id;
      const found = await this.#of.api.focus(known);
      if (this.#wanted === id && !ended.aborted) this.#found(id, found);
    } catch (error) {
      if (this.#wanted === id && !ended.aborted) this.#missing(error);
    }
  }

  #found(id: string, { comment, ancestors }: Focus): void {
    const { store, say } = this.#of;
    for (const one of [...ancestors, comment]) store.put(one);
    // With its root on the page, it has found its place; else its branch is shown alone.
    store.only = null;
    if (!store.isShown(id)) store.only = (ancestors[0] ?? comment).id;
    this.#list.render();
    if (store.only) this.#frame.notice(say("oneBranch"), say("wholeThread"), () => this.#leave());
    this.#reveal(id);
  }

  #missing(error: unknown): void {
    const failure = failureOf(error);
    const { live, say } = this.#of;
    const text = failure.kind === "gone" ? say("unknownComment") : say("notDone", { why: why(this.#of, failure) });
    if (this.#of.store.only) this.#frame.notice(text, say("wholeThread"), () => this.#leave());
    else this.#frame.notice(text);
    this.#frame.notices.scrollIntoView({ block: "center", behavior: "instant" });
    live.alert(text);
  }

  #leave(): void {
    this.#of.store.only = null;
    fill(this.#frame.notices);
    this.#list.render();
    goTo(this.#frame.heading);
  }

  #reveal(id: string): void {
    const card = this.#list.card(id);
    if (!card) return;
    // A step later: the browser has then done its own jump for the address.
    later(this.#of, 0, () => {
      goTo(card.article, "start");
      card.light();
    });
  }
}
