/** Find one comment, at whatever depth and page it stands; loaded when somebody follows a link to it. */

import type { Card } from "./comment";
import { type Context, failureOf, later, why } from "./context";
import { fill, goTo } from "./dom";
import type { Frame } from "./frame";
import { light } from "./lit";
import { type Focus, isPublic } from "./shapes";
import { type Say, speaker } from "./words";

const english = {
  oneBranch: "You followed a link to one conversation.",
  wholeThread: "Show the whole conversation",
  unknownComment: "The comment you followed a link to is not here, or not any more.",
};

export class Permalinks {
  readonly #of: Context;
  readonly #frame: Frame;
  readonly #say: Say<keyof typeof english>;
  readonly #list: { card(id: string): Card | undefined; render(): void };
  /** The comment last asked for: a slow answer for another is dropped. */
  #wanted = "";

  constructor(of: Context, frame: Frame, list: { card(id: string): Card | undefined; render(): void }) {
    this.#of = of;
    this.#frame = frame;
    this.#list = list;
    this.#say = speaker(of.lang, english);
  }

  /** Bring a comment into view, wherever it is; say so when it is not there. */
  async show(id: string): Promise<void> {
    const { store, ended } = this.#of;
    this.#wanted = id;
    if (store.isShown(id)) return this.#reveal(id);
    try {
      const own = store.get(id);
      // What waits for a moderator is known to nobody but its author, so the way to it is asked for its parent.
      const known = own && !isPublic(own) && own.parent !== null ? own.parent : id;
      const found = await this.#of.api.get<Focus>(`/comments/${encodeURIComponent(known)}/focus`);
      if (this.#wanted === id && !ended.aborted) this.#found(id, found);
    } catch (error) {
      if (this.#wanted === id && !ended.aborted) this.#missing(error);
    }
  }

  #found(id: string, { comment, ancestors }: Focus): void {
    const { store } = this.#of;
    const say = this.#say;
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
    const text = failure.kind === "gone" ? this.#say("unknownComment") : say("notDone", { why: why(this.#of, failure) });
    if (this.#of.store.only) this.#frame.notice(text, this.#say("wholeThread"), () => this.#leave());
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
      light(this.#of, card.article);
    });
  }
}
