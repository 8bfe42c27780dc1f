// <comments-count>: the number of comments in words, all counts of a page in few requests.

import { announce } from "./events";
import { wordsOf } from "./languages";
import { language, option, options, service } from "./options";
import type { Words } from "./words";

const MOST = 50;
const LONGEST = 4000;
const english = { comments: { zero: "No comments", one: "{n} comment", other: "{n} comments" } };

const waiting = new Set<CommentsCount>();

export class CommentsCount extends HTMLElement {
  static observedAttributes = ["site", "thread", "url", "lang", "format", "zero", "one", "two", "few", "many", "other"];
  #fallback: string | null = null;
  #asked = "";
  #words: Promise<Words | undefined> | undefined;

  connectedCallback(): void {
    this.attributeChangedCallback();
  }

  attributeChangedCallback(): void {
    if (!this.isConnected) return;
    // All of a page that is still being read are asked for together.
    if (!waiting.size) {
      if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", flush);
      else queueMicrotask(flush);
    }
    waiting.add(this);
  }

  /** The site and key to count now; where they have changed, what was there at first is shown until the answer. */
  wanted(): [site: string, key: string] {
    const { site, key } = options(this);
    this.#fallback ??= this.textContent;
    if (this.#asked && this.#asked !== site + key) this.textContent = this.#fallback;
    this.#asked = site + key;
    // A bare number, and the owner's own words, need none of ours.
    if (option(this, "format") !== "number" && !option(this, "other")) this.#words = wordsOf(language(this));
    return [site, key];
  }

  async show(site: string, key: string, total: number): Promise<void> {
    const words = await this.#words;
    if (this.#asked !== site + key) return;
    this.textContent = inWords(this, total, words);
    announce(this, "count", { detail: { total } });
  }
}

function inWords(element: Element, total: number, words: Words | undefined): string {
  const lang = language(element);
  let number = `${total}`;
  let rule = "other";
  try {
    number = new Intl.NumberFormat(lang).format(total);
    rule = new Intl.PluralRules(lang).select(total);
  } catch {
    // The page's lang attribute is no language.
  }
  if (option(element, "format") === "number") return number;
  const ours = (words?.count ?? (/^en/.test(lang) ? english : {})).comments as Record<string, string> | undefined;
  const form = (name: string): string | undefined => option(element, name) ?? ours?.[name];
  return ((total ? "" : form("zero")) || form(rule) || "#").replace(/#|\{n\}/, number);
}

type Asked = Map<string, CommentsCount[]>;

function flush(): void {
  const sites = new Map<string, Asked>();
  for (const element of waiting) {
    const [site, key] = element.wanted();
    const asked: Asked = sites.get(site) ?? new Map();
    sites.set(site, asked.set(key, [...(asked.get(key) ?? []), element]));
  }
  waiting.clear();
  for (const [site, asked] of sites) inBatches(site, asked);
}

/** Sorted, so that every reader of a page asks the same and a cache can answer; no longer than any proxy takes. */
function inBatches(site: string, asked: Asked): void {
  let query: string[] = [];
  for (const key of [...asked.keys()].sort()) {
    if (query.length === MOST || query.join().length > LONGEST) {
      void ask(site, query, asked);
      query = [];
    }
    query.push(`key=${encodeURIComponent(key)}`);
  }
  void ask(site, query, asked);
}

async function ask(site: string, query: readonly string[], asked: Asked): Promise<void> {
  try {
    const answer = await fetch(`${service}/api/v1/sites/${encodeURIComponent(site)}/counts?${query.join("&")}`);
    const { counts } = (await answer.json()) as { counts: Record<string, { comments: number }> };
    for (const [key, { comments }] of Object.entries(counts)) {
      for (const element of asked.get(key) ?? []) void element.show(site, key, comments);
    }
  } catch {
    // The element's own text stays.
  }
}
