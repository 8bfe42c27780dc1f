/** Sign in whom the page has a token for, however often it hands one over. Loaded when it does. */

import { type Context, failureOf, why } from "./context";
import type { Frame } from "./frame";
import { trade } from "./trading";

/** The token that was handed over last and its number, the turns of all of them, and how many in a row did not count. */
let last = "";
let newest = 0;
let turns = Promise.resolve();
let failed = 0;

/**
 * What is wrong with a token is told in the thread. A page may hand them over in a loop: each is tried once, one after
 * the other, of those that wait the last, and after a failure later and later.
 */
export function enter(of: Context, jwt: string, frame: Frame, load: () => Promise<void>): Promise<void> {
  // A page in plain JavaScript may hand over anything.
  if (typeof jwt !== "string" || jwt === "" || jwt === last) return turns;
  last = jwt;
  const mine = (newest += 1);
  return (turns = turns.then(async () => {
    if (mine === newest && failed) await new Promise((resolve) => setTimeout(resolve, Math.min(60_000, 500 * 2 ** failed)));
    if (mine !== newest || of.ended.aborted) return;
    const failure = await trade(of, jwt).then(() => null, failureOf);
    failed = failure ? failed + 1 : 0;
    if (!failure) return load();
    // What did not arrive may be tried again.
    if (failure.kind !== "refused") last = "";
    frame.notice(why(of, failure));
    of.live.alert(why(of, failure));
  }));
}
