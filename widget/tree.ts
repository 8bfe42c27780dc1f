/** The body of a comment, from the JSON tree of the service. It is not trusted: what is not known becomes a span. */

import { h } from "./dom";

const TAGS = ["p", "strong", "em", "blockquote", "code", "pre", "ul", "ol", "li", "br", "mark"] as const;
type Tag = (typeof TAGS)[number];
const KNOWN: ReadonlySet<unknown> = new Set(TAGS);
const SCHEMES: ReadonlySet<string> = new Set(["http:", "https:", "mailto:"]);
/** The service nests at most 26 deep; beyond this, only the words are kept. */
const DEEPEST = 40;

/** Elements for the nodes of a tree. */
export function grow(nodes: readonly unknown[], depth = 0): (Node | string)[] {
  return nodes.flatMap((node): (Node | string)[] => {
    if (typeof node === "string") return [node];
    if (!Array.isArray(node)) return [];
    const [tag, ...rest] = node as unknown[];
    if (depth > DEEPEST) return [];
    const children = grow(rest, depth + 1);
    if (tag === "a") return linked(rest[0], children);
    return [h(KNOWN.has(tag) ? (tag as Tag) : "span", {}, ...(tag === "br" ? [] : children))];
  });
}

/** The address when it may become a link, else null. */
export function safeUrl(href: unknown): string | null {
  if (typeof href !== "string") return null;
  try {
    return SCHEMES.has(new URL(href).protocol) ? href : null;
  } catch {
    return null;
  }
}

/** Where a link leads, unless its words say that host, as a name of its own: microsoft.com does not say t.co. */
export function leadsTo(url: string, words: string): string {
  const { protocol, hostname, pathname } = new URL(url);
  const host = protocol === "mailto:" ? pathname : hostname;
  const name = new RegExp(`(?:^|[^\\w.-])${host.replace(/[^\w-]/g, "\\$&")}(?![\\w-]|\\.[\\w-])`, "i");
  return name.test(words) ? "" : host;
}

function linked(attributes: unknown, children: (Node | string)[]): (Node | string)[] {
  const href = attributes && typeof attributes === "object" ? (attributes as { href?: unknown }).href : null;
  const url = safeUrl(href);
  if (url === null) return [h("span", {}, ...children)];
  const link = h("a", { href: url, rel: "nofollow ugc noopener" }, ...children);
  const host = leadsTo(url, link.textContent);
  return host ? [link, h("span", {}, ` (${host})`)] : [link];
}
