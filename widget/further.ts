/** The words of what is loaded on use, where the first file of a language has no room for them. */

import { loader } from "./loader";
import type { Plural, Words } from "./words";

/** The texts of one part of the widget in this language, in place of the English ones, where they can be had. */
export type Further = <K extends string>(
  part: string, english: Readonly<Record<K, string | Plural>>,
) => Promise<Readonly<Record<K, string | Plural>>>;

export const furtherOf = (service: string, lang: string): Further => async (part, english) => {
  const [code] = lang.toLowerCase().match(`^(${LANGUAGES})\\b`) ?? [];
  const words = code && (await loader<Words>(service, `${code}more${LANGUAGES_HASH}`)().catch(() => null));
  return { ...english, ...(words && words[part]) };
};
