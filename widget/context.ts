/** What every part of one mounted thread shares. */

import { type Api, apiOf, Failure, isFailure } from "./api";
import type { Card } from "./comment";
import { Conversation } from "./conversation";
import { h } from "./dom";
import { liveRegions, type Live } from "./live";
import type { Options, Sort } from "./options";
import { type Session, sessionOf } from "./session";
import type { Article } from "./shapes";
import { Clock, language, type Times, times } from "./time";
import { english, type Say, speaker } from "./words";

const LINK = /^#comment-([0-9A-Za-z_-]{1,40})$/;

export interface Context {
  readonly host: HTMLElement;
  readonly root: ShadowRoot;
  readonly options: Options;
  readonly ended: AbortSignal;
  readonly lang: string;
  readonly say: Say;
  readonly times: Times;
  readonly clock: Clock;
  readonly session: Session;
  readonly api: Api;
  readonly live: Live;
  readonly store: Conversation;
  readonly recommended: Set<string>;
  readonly reported: Set<string>;
  article: Article | null;
  sort: Sort;
  /** Whether this browser may write under this article. */
  writable: boolean;
}

export function contextOf(host: HTMLElement, root: ShadowRoot, options: Options, ended: AbortSignal): Context {
  const lang = language(options.lang);
  return {
    host,
    root,
    options,
    ended,
    lang,
    say: speaker(lang, english),
    times: times(lang),
    clock: new Clock(),
    session: sessionOf(options.site),
    api: apiOf(options, ended),
    live: liveRegions(ended),
    store: new Conversation(),
    recommended: new Set(),
    reported: new Set(),
    article: null,
    sort: options.sort,
    writable: false,
  };
}

/** Tell the page what happened: ids and numbers, never words of a reader. */
export function emit(of: Context, name: string, detail: Readonly<Record<string, string | number | boolean>> = {}): void {
  of.host.dispatchEvent(new CustomEvent(`comments:${name}`, { bubbles: true, composed: true, detail }));
}

/** Do something later, unless the thread has left the page by then. */
export function later(of: Context, milliseconds: number, act: () => void): void {
  const timer = setTimeout(() => {
    of.ended.removeEventListener("abort", stop);
    act();
  }, milliseconds);
  const stop = (): void => clearTimeout(timer);
  of.ended.addEventListener("abort", stop, { once: true });
}

/** The address of one comment, as it is shared. */
export function permalink(of: Context, id: string): string {
  return `${of.options.url.split("#")[0]}#comment-${id}`;
}

/** The comment that the fragment of an address points to, or null. */
export function aimed(hash: string): string | null {
  return LINK.exec(hash)?.[1] ?? null;
}

/** Why something did not work, in a sentence: the service's own where it said one. */
export function why(of: Context, { detail, kind }: Failure): string {
  return detail || of.say(kind === "offline" || kind === "network" || kind === "timeout" ? kind : "server");
}

/** The failure behind whatever was thrown. */
export function failureOf(error: unknown): Failure {
  if (isFailure(error)) return error;
  reportError(error);
  return new Failure("server");
}

/** Say at its comment, or at what was pressed outside of one, what failed; `error` is null when a part could not be loaded. */
export function failed(of: Context, card: Card | undefined, error: unknown, pressed?: HTMLElement): void {
  if (of.ended.aborted) return;
  const failure = error === null ? new Failure(navigator.onLine ? "network" : "offline") : failureOf(error);
  const text = of.say("notDone", { why: why(of, failure) });
  if (pressed && !pressed.closest("article")) {
    const note = h("p", { class: "error" }, text);
    pressed.after(note);
    later(of, 10_000, () => note.remove());
  } else card?.tell(text);
  of.live.alert(text);
}
