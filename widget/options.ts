// What an element is told, and by whom: an attribute of its own, else data-* on the script tag.

import { addressOf } from "./key";

export type Sort = "newest" | "oldest" | "recommended";

export interface Options {
  /** The address of the service, without a slash at the end. */
  service: string;
  site: string;
  /** What names the article. */
  key: string;
  /** The article's address in its normal form. */
  url: string;
  articleToken: string | null;
  sort: Sort;
  /** The level of the thread's own heading, 1 to 6. */
  heading: number;
  lang: string;
  theme: string;
}

export interface ShareOptions extends Options {
  /** The networks that stand in the row, in their order; null for those that we chose. */
  networks: string | null;
  /** What is shared beside the address; null for the page's own title. */
  headline: string | null;
}

/** What the thread's chunk gives back for an element that it has filled. */
export interface Mounted {
  update(options: Options): void;
  unmount(): void;
  reload(): Promise<void>;
  focusComment(id: string): Promise<void>;
}

// A form or picture named "currentScript" would stand in for it, and a script added by another may not have one.
const running = document.currentScript;
const tag =
  running instanceof HTMLScriptElement ? running : document.querySelector<HTMLScriptElement>("script[src][data-site]");

export const service = new URL(".", tag?.src || location.href).href.slice(0, -1);

/** The script tag, for whoever places elements beside it. */
export const script = tag;

/** One option of an element, or null. */
export function option(element: Element, name: string): string | null {
  return element.getAttribute(name) ?? tag?.getAttribute(`data-${name}`) ?? null;
}

/** The language whose words an element shows. */
export function language(element: Element): string {
  return option(element, "lang") || element.closest("[lang]")?.getAttribute("lang") || "en";
}

/** All that an element has been told. */
export function options(element: Element): ShareOptions {
  const url = addressOf(option(element, "url"));
  const sort = option(element, "sort");
  return {
    service,
    site: option(element, "site") ?? "",
    key: option(element, "thread")?.trim() || url,
    url,
    articleToken: option(element, "article-token"),
    sort: sort === "oldest" || sort === "recommended" ? sort : "newest",
    heading: Number(option(element, "heading-level")) || 2,
    lang: language(element),
    theme: option(element, "theme") || "inherit",
    networks: option(element, "networks"),
    headline: option(element, "headline"),
  };
}
