// What names an article: the same normal form of an address that identity.py makes.

import { tracking } from "./tracking" with { type: "macro" };

const TRACKING = RegExp(tracking());

const named = (part: string): string => part.split("=", 1)[0] ?? "";

/** The one form of an absolute address: no fragment, no tracking parameters, the others sorted by name. */
export function normal(address: string): string {
  const { origin, pathname, search } = new URL(address);
  const kept = search.slice(1).split("&").filter((part) => part && !TRACKING.test(named(part).toLowerCase()));
  kept.sort((a, b) => (named(a) < named(b) ? -1 : +(named(a) > named(b))));
  return origin + pathname + (kept.length ? `?${kept.join("&")}` : "");
}

/** The normal form of an address that the page gives: this one, else its canonical link, else where it is. */
export function addressOf(given: string | null | undefined): string {
  // A form of the page that is named "querySelector" stands in for the document's own method, and for no element's.
  const canonical = document.documentElement.querySelector<HTMLLinkElement>("link[rel~=canonical][href]")?.href;
  try {
    return normal(new URL(given || canonical || "", given ? document.baseURI : location.href).href);
  } catch {
    return normal(location.href);
  }
}
