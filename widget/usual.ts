// Read while the share row is built: it holds the networks that it shows by itself, the others come with what is loaded on use.

import table from "../src/comments_service/networks.json";
import { MARKS } from "./marks";
import type { Drawn } from "./offering";

const USUAL = 4;

/** The first networks of the table, by their names. */
export function usual(): [name: string, network: Drawn & { href: string }][] {
  return table.slice(0, USUAL).map(({ name, label, href }) => [name, { label, href, lines: MARKS[name] ?? "" }]);
}
