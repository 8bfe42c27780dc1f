// Read while the loader is built: what is left of the two lists is one pattern.

import { names, prefixes } from "../src/comments_service/tracking.json";

/** Names of parameters that only say where a reader came from, as a regular expression for lower case. */
export function tracking(): string {
  return `^(${prefixes.join("|")}|(${names.join("|")})$)`;
}
