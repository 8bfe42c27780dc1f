/** Texts that were begun and not posted, one for each place in a thread. */

import { bare } from "./bare";
import { read, write } from "./storage";

const KEPT_FOR = 30 * 24 * 3600_000;
const MOST = 50;

type Kept = [place: string, text: string, at: number];

export interface Draft {
  read(): string;
  /** Keep this text, or nothing when it is empty. */
  write(text: string): void;
}

/** The draft of one place: a thread's own, the reply to a comment, or the edit of one. */
export function draftOf(site: string, place: readonly string[]): Draft {
  const key = `comments.drafts.${site}`;
  const here = place.join(" ");
  const others = (): Kept[] => kept(key).filter(([at]) => at !== here);
  return {
    read: () => kept(key).find(([at]) => at === here)?.[1] ?? "",
    write(text) {
      const begun: Kept[] = text.trim() ? [[here, text, Date.now()]] : [];
      write(key, JSON.stringify(bare([...begun, ...others()].slice(0, MOST).map(bare))));
    },
  };
}

function kept(key: string): Kept[] {
  try {
    const found: unknown = JSON.parse(read(key) ?? "[]");
    return Array.isArray(found) ? found.filter(isKept) : [];
  } catch {
    return [];
  }
}

function isKept(entry: unknown): entry is Kept {
  if (!Array.isArray(entry)) return false;
  const [place, text, at] = entry as unknown[];
  return typeof place === "string" && typeof text === "string" && typeof at === "number" && Date.now() - at < KEPT_FOR;
}
