// The address that offers an article to a network's readers, the same that sharing.py makes.

import table from "../src/comments_service/networks.json";
import { filled } from "./offering";

export interface Network {
  name: string;
  label: string;
  /** Where its own page for sharing is, with {title}, {url} and {server}. */
  href: string;
  /** The most that the network takes, in what a reader takes for one character (Unicode UAX #29). */
  graphemes?: number;
}

export const NETWORKS: readonly Network[] = table;

/** The link; `server` is for networks of many servers. */
export function linkTo({ href, graphemes: most }: Network, title: string, url: string, server = ""): string {
  const room = most && most - graphemes(` ${url}`).length;
  return filled(href, { title: room === undefined ? title : cut(title, room), url, server });
}

function cut(text: string, room: number): string {
  const parts = graphemes(text);
  if (parts.length <= room) return text;
  return room > 1 ? `${parts.slice(0, room - 1).join("")}…` : "";
}

function graphemes(text: string): string[] {
  return [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
}
