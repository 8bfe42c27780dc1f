// <comments-count>: the number of comments in words, all counts of a page in few requests.

import { language, option, options, service } from "./options";

const MOST = 50;
const LONGEST = 4000;
const ENGLISH: Record<string, string> = { zero: "No comments", one: "# comment", other: "# comments" };

const waiting = new Set<CommentsCount>();

export class CommentsCount extends HTMLElement {
  static observedAttributes = ["site", "thread", "url", "lang", "format", "zero", "one", "two", "few", "many", "other"];
  #fallback: string | null = null;
  #asked = "";

  connectedCallback(): void {
    this.attributeChangedCallback();
  }

  attributeChangedCallback(): void {
    if (!this.isConnected) return;
    if (!waiting.size) whenRead(flush);
    waiting.add(this);
  }

  /** The site and key to count now; where they have changed, what was there at first is shown until the answer. */
  wanted(): [site: string, key: string] {
    const { site, key } = options(this);
    this.#fallback ??= this.textContent ?? "";
    if (this.#asked && this.#asked !== site + key) this.textContent = this.#fallback;
    this.#asked = site + key;
    return [site, key];
  }

  show(site: string, key: string, total: number): void {
    if (this.#asked !== site + key) return;
    this.textContent = inWords(this, total);
    this.dispatchEvent(new CustomEvent("comments:count", { bubbles: true, composed: true, detail: { total } }));
  }
}

/** Run soon; while the page is still being read, when it has been. */
export function whenRead(act: () => void): void {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", act, { once: true });
  else queueMicrotask(act);
}

function inWords(element: Element, total: number): string {
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
  const words = (name: string): string | undefined =>
    option(element, name) ?? (lang.startsWith("en") ? ENGLISH[name] : "#");
  return ((total ? "" : words("zero")) || words(rule) || "#").replace("#", number);
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
      for (const element of asked.get(key) ?? []) element.show(site, key, comments);
    }
  } catch {
    // The element's own text stays.
  }
}
