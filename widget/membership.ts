/** Whether the reader is here with the paper's account, and how that begins, lasts and ends. */

import type { Context } from "./context";
import { h } from "./dom";
import type { Frame } from "./frame";
import { loader } from "./loader";
import type { Me } from "./shapes";
import { told } from "./told";

const DAY = 24 * 3600_000;

/** `frame` tells what is wrong with a token; `load` shows the thread as whoever is signed in then may see it. */
export function membershipOf(of: Context, frame: Frame, load: () => Promise<void>) {
  const { session } = of;
  const part = loader<typeof import("./signing")>(of.options.service, SIGNING_CHUNK);
  const entering = loader<typeof import("./entering")>(of.options.service, ENTERING_CHUNK);
  const bell = loader<typeof import("./bell")>(of.options.service, BELL_CHUNK);
  const ignore = (): null => null;
  // A guest whose secret is lost keeps the name, and is somebody new with the next press.
  of.api.on.renew = async (old, lost) => {
    if (session.account()) return part().then((signing) => signing.renew(of, old)).catch(ignore);
    if (lost && session.secret() === old) session.begin("");
  };
  return {
    /** Whether the service knows this reader by an account. */
    signedIn: false,
    /** Take up what the service says of whoever is known here. */
    known(me: Me): void {
      bell().then(({ ring }) => ring(of, me, frame), ignore);
    },
    /** Sign in by a token of the paper; where that is not possible, the thread says so. */
    signIn: (jwt: string): Promise<void> =>
      entering().then(({ enter }) => enter(of, jwt, frame, load), () => frame.notice(of.say("network"))),
    /** Sign in whoever the page says is signed in there; who has been here for a day gets a new secret. */
    begin(): void {
      const since = session.account();
      // With what a window brought in which somebody has signed in elsewhere, too.
      if (location.hash.startsWith("#comments-code=") || (since ? Date.now() - since > DAY : told().getToken))
        part().then((signing) => signing.begin(of, load, frame), ignore);
    },
    /** Where guests cannot write: a way to sign in, if the site has one that is not the page's own. */
    way(): HTMLElement {
      const place = h("p");
      part().then((signing) => signing.offer(of, place), ignore);
      return place;
    },
    /** Forget in this browser who the reader is, and end that session in the service. */
    end(): void {
      const secret = session.account() && session.secret();
      session.end();
      if (secret) part().then((signing) => signing.signOut(of, secret), ignore);
    },
  };
}
