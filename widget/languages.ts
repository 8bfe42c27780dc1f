// The words of other languages: each is a chunk that exports the texts of each part, loaded beside those that speak them.

import { chunk } from "./chunks";
import type { Words } from "./words";

/** The words of a language. Nothing for English, for one that there is no catalogue of, and for what is not there in 3 s. */
export async function wordsOf(lang: string): Promise<Words | undefined> {
  const code = lang.toLowerCase().match(`^(${LANGUAGES})\\b`)?.[0];
  return code ? Promise.race([
    chunk<Words>(code + LANGUAGES_HASH).catch(() => undefined), new Promise<undefined>((done) => setTimeout(done, 3000)),
  ]) : undefined;
}
