/** Whose comments this browser does not want to read, by site: kept here, and told to nobody. */

import { read, write } from "./storage";

/** The oldest are forgotten first. */
const MOST = 200;
const LINE = /^([\w-]{16}) (.{0,60})$/;

const placeOf = (site: string): string => `comments.muted.${site}`;

/** The muted ones and the names they had, by the sign that the service gives each person. */
export function mutedOn(site: string): Map<string, string> {
  const found = new Map<string, string>();
  // Lines and not JSON: whatever somebody else has put there, what is no such line is passed over.
  for (const line of (read(placeOf(site)) ?? "").split("\n").slice(-MOST)) {
    const [, author, name] = LINE.exec(line) ?? [];
    if (author && name !== undefined) found.set(author, name);
  }
  return found;
}

export function keepMuted(site: string, muted: ReadonlyMap<string, string>): void {
  write(placeOf(site), [...muted].slice(-MOST).map((one) => one.join(" ")).join("\n"));
}
