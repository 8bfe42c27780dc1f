// One network in the share row or its menu: a plain link.

import { draw } from "./drawing";
import { h } from "./dom";

export interface Drawn {
  label: string;
  lines: string;
}

/** An address with these values in the place of their names. */
export function filled(href: string, values: Readonly<Record<string, string>>): string {
  // Never URLSearchParams: it writes a space as "+", which mail programs and some apps show.
  return href.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ""));
}

/** The link to the network of this name. */
export function offer(name: string, { label, lines }: Drawn, href: string): HTMLElement {
  const attributes = { part: `network ${name}`, title: label, href, target: "_blank", rel: "noopener" };
  return h("a", attributes, draw(lines), h("span", {}, label));
}
