// What an element is told, and by whom: an attribute of its own, else data-* on the script tag.

import { addressOf } from "./key";
import type { Words } from "./words";

export interface Options {
  /** The address of the service, without a slash at the end. */
  service: string;
  site: string;
  /** What names the article. */
  key: string;
  /** The article's address in its normal form. */
  url: string;
  articleToken: string | null | undefined;
  /** As they were written; a loader of an older release gives the values that it fell back on. */
  sort: string | null | undefined;
  heading: string | number | null | undefined;
  theme: string | null | undefined;
  lang: string;
  /** The words of the language, when they have come. */
  words?: Words | undefined;
}

export interface ShareOptions extends Options {
  /** The networks that stand in the row, in their order; nothing for those that we chose. */
  networks: string | null | undefined;
  /** What is shared beside the address; nothing for the page's own title. */
  headline: string | null | undefined;
}

/** What the thread's chunk gives back for an element that it has filled. */
export interface Mounted {
  update(options: Options): void;
  unmount(): void;
  reload(): Promise<void>;
  focusComment(id: string): Promise<void>;
  openComposer(text?: string): Promise<void>;
  login(): Promise<void>;
  logout(): void;
  setToken(jwt: string): Promise<void>;
}

// A form or picture named "currentScript" would stand in for it, and a script added by another may not have one.
const running = document.currentScript;
/** The script tag, for whoever places elements beside it. */
export const script =
  running instanceof HTMLScriptElement ? running : document.documentElement.querySelector<HTMLScriptElement>("script[src][data-site]");

export const service = new URL(".", script?.src || location.href).href.slice(0, -1);

/** One option of an element, if somebody told it. */
export function option(element: Element, name: string): string | null | undefined {
  return element.getAttribute(name) ?? script?.getAttribute(`data-${name}`);
}

/** The language whose words an element shows. */
export function language(element: Element): string {
  return option(element, "lang") || element.closest("[lang]")?.getAttribute("lang") || "en";
}

/** All that an element has been told. */
export function options(element: Element): ShareOptions {
  const url = addressOf(option(element, "url"));
  return {
    service,
    site: option(element, "site") ?? "",
    // Half a character cannot be sent.
    key: option(element, "thread")?.trim().toWellFormed() || url,
    url,
    articleToken: option(element, "article-token"),
    sort: option(element, "sort"),
    heading: option(element, "heading-level"),
    theme: option(element, "theme"),
    lang: language(element),
    networks: option(element, "networks"),
    headline: option(element, "headline"),
  };
}
