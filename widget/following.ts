/** Asks whether a conversation has moved, as long as somebody looks at it; what to do then is loaded then. */

import { bare } from "./bare";
import { isFailure } from "./api";
import type { Card } from "./comment";
import type { Context } from "./context";
import { loader } from "./loader";
import type { News } from "./news";

const SOON = 10_000;
const SELDOM = 45_000;
const RARELY = 300_000;
const SLOWER = 1.3;

/** What following needs of the list that it follows. */
export interface Stage {
  card(id: string): Card | undefined;
  render(): void;
  /** Offer the page of comments that begins at this cursor. */
  offer(cursor: string | null): void;
  load(): Promise<void>;
}

export class Following {
  readonly #of: Context;
  readonly #stage: Stage;
  readonly #load: () => Promise<typeof import("./news")>;
  #news: News | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wait = SOON;
  #due = 0;
  #near = false;
  #asking = false;

  constructor(of: Context, stage: Stage) {
    this.#of = of;
    this.#stage = stage;
    this.#load = loader(of.options.service, NEWS_CHUNK);
    this.#listen();
    this.#rest(SOON);
  }

  #listen(): void {
    const { host, ended: signal } = this.#of;
    const near = new IntersectionObserver((entries) => {
      this.#near = entries.some((one) => one.isIntersecting);
      this.#plan();
    }, bare({ rootMargin: "50%" }));
    near.observe(host);
    host.addEventListener("comments:loaded", () => this.#rest(SOON), { signal });
    document.addEventListener("visibilitychange", () => this.#plan(), { signal });
    addEventListener("online", () => this.#rest(0), { signal });
    signal.addEventListener("abort", () => {
      near.disconnect();
      clearTimeout(this.#timer);
    });
  }

  #rest(wait: number): void {
    this.#wait = wait;
    // Whoever came at the same moment must not ask at the same moment for ever.
    this.#due = Date.now() + wait * (1 + Math.random() / 5);
    this.#plan();
  }

  /** Ask when it is due, if somebody looks. */
  #plan(): void {
    clearTimeout(this.#timer);
    if (document.hidden || !this.#near || this.#asking || this.#of.ended.aborted) return;
    this.#timer = setTimeout(() => void this.#ask(), Math.max(0, this.#due - Date.now()));
  }

  async #ask(): Promise<void> {
    let wait: number;
    this.#asking = true;
    try {
      wait = (await this.#moved()) ? SOON : Math.min(SELDOM, Math.max(SOON, this.#wait) * SLOWER);
    } catch (error) {
      wait = Math.min(RARELY, 2 * Math.max(SELDOM, this.#wait));
      if (isFailure(error)) wait = Math.max(wait, error.wait * 1000);
    }
    this.#asking = false;
    this.#rest(wait);
  }

  async #moved(): Promise<boolean> {
    const of = this.#of;
    const { version } = await of.api.get<{ version: number }>(`/version?key=${encodeURIComponent(of.options.key)}`);
    if (!this.#news && version > (of.article?.version ?? version)) {
      const { News } = await this.#load();
      if (!of.ended.aborted) this.#news = new News(of, this.#stage);
    }
    return Boolean(await this.#news?.look(version));
  }
}
