// The address that offers an article to a network's readers, the same that sharing.py makes.

import table from "../src/comments_service/networks.json";

export interface Network {
  name: string;
  label: string;
  href: string;
  /** The most that the network takes, in what a reader takes for one character (Unicode UAX #29). */
  graphemes?: number;
}

export const NETWORKS: readonly Network[] = table;

/** The link; `server` is for networks of many servers. */
export function linkTo(network: Network, title: string, url: string, server = ""): string {
  const room = network.graphemes && network.graphemes - graphemes(` ${url}`).length;
  const values: Record<string, string> = { title: room === undefined ? title : cut(title, room), url, server };
  // Never URLSearchParams: it writes a space as "+", which mail programs and some apps show.
  return network.href.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ""));
}

function cut(text: string, room: number): string {
  const parts = graphemes(text);
  if (parts.length <= room) return text;
  return room > 1 ? `${parts.slice(0, room - 1).join("")}…` : "";
}

function graphemes(text: string): string[] {
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
}
