/** What every part of one mounted thread shares. */

import { type Api, apiOf, failing, type Failure, isFailure, unreached } from "./api";
import { avatar } from "./avatar";
import type { Card } from "./comment";
import { Conversation } from "./conversation";
import { h } from "./dom";
import { announce } from "./events";
import { type Further, furtherOf } from "./further";
import { liveRegions, type Live } from "./live";
import { mutedOn } from "./muted";
import type { Options } from "./options";
import { type Session, sessionOf } from "./session";
import { type Article, type Page, type Site, type Sort, SORTS } from "./shapes";
import { Clock, type Times, times } from "./time";
import { english, type Say, type Tongue, tongueOf } from "./words";

const LINK = /^#comment-([0-9A-Za-z_-]{1,40})$/;

/** A part of the conversation that the reader has chosen to see alone. */
export interface Listing {
  /** Whether it is what this browser has written. */
  readonly own: boolean;
  page(cursor: string | null): Promise<Page>;
  /** What is said where there is nothing in it. */
  empty(): Node[] | null;
  /** Show all again. */
  leave(): Promise<void>;
}

export interface Context extends Tongue {
  readonly host: HTMLElement;
  readonly root: ShadowRoot;
  readonly options: Options;
  readonly ended: AbortSignal;
  readonly say: Say;
  readonly further: Further;
  readonly times: Times;
  /** The sign of a name; a page of an older release lends none. */
  readonly avatar?: typeof avatar;
  readonly clock: Clock;
  readonly session: Session;
  readonly api: Api;
  readonly live: Live;
  readonly store: Conversation;
  readonly recommended: Set<string>;
  readonly reported: Set<string>;
  /** Comments whose branch the reader has put away. */
  readonly folded: Set<string>;
  /** Whom this browser does not want to read, with their names. */
  readonly muted: Map<string, string>;
  /** Comments of theirs that are shown all the same. */
  readonly unveiled: Set<string>;
  /** What became of a report, by its comment; a page of an older release has none. */
  readonly outcomes?: Map<string, string>;
  article: Article | null;
  site: Site | null;
  sort: Sort;
  /** What is shown, if it is not all; a page of an older release has none. */
  listing?: Listing | null;
  /** The level of its heading, 1 to 6; those of its comments are one lower, as far as there is one. */
  readonly level: number;
  /** Whether this browser may write under this article. */
  writable: boolean;
}

export function contextOf(host: HTMLElement, root: ShadowRoot, options: Options, ended: AbortSignal): Context {
  const tongue = tongueOf(host, options);
  return {
    host,
    root,
    options,
    ended,
    ...tongue,
    say: tongue.speaker("thread", english),
    further: furtherOf(options.service, tongue.lang),
    times: times(tongue.lang),
    avatar,
    clock: new Clock(),
    session: sessionOf(options.site),
    api: apiOf(options, tongue.lang, ended),
    live: liveRegions(ended),
    store: new Conversation(),
    recommended: new Set(),
    reported: new Set(),
    folded: new Set(),
    muted: mutedOn(options.site),
    unveiled: new Set(),
    outcomes: new Map(),
    article: null,
    site: null,
    sort: SORTS.find((one) => one === options.sort) ?? SORTS[0],
    level: Math.min(6, Math.max(1, Number(options.heading) || 2)),
    writable: false,
  };
}

/** Tell the page what happened: ids and numbers, never words of a reader. False when it said no to a question. */
export function emit(
  of: Context, name: string, detail: Readonly<Record<string, string | number | boolean | null>> = {}, cancelable = false,
): boolean {
  return announce(of.host, name, { detail, cancelable });
}

/** Do something later, unless the thread has left the page by then. */
export function later(of: Context, milliseconds: number, act: () => void): void {
  const timer = setTimeout(() => {
    of.ended.removeEventListener("abort", stop);
    act();
  }, milliseconds);
  const stop = (): void => clearTimeout(timer);
  of.ended.addEventListener("abort", stop);
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
  return detail || of.say(kind === "gone" || kind === "refused" ? "server" : kind);
}

/** The failure behind whatever was thrown. */
export function failureOf(error: unknown): Failure {
  if (isFailure(error)) return error;
  console.error(error);
  return failing("server");
}

/** Say at its comment, or at what was pressed outside of one, what failed; `error` is null when a part could not be loaded. */
export function failed(of: Context, card: Card | undefined, error: unknown, pressed?: HTMLElement): void {
  if (of.ended.aborted) return;
  const failure = error === null ? unreached() : failureOf(error);
  const text = of.say("notDone", { why: why(of, failure) });
  if (pressed && !pressed.closest("article")) {
    const note = h("p", { class: "error" }, text);
    pressed.after(note);
    later(of, 10_000, () => note.remove());
  } else card?.tell(text);
  of.live.alert(text);
}
