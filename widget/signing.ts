/** Sign in with the paper's account: its word is traded for a session. Loaded when there is one to begin, renew or end. */

import type { Context } from "./context";
import type { Frame } from "./frame";
import { loader } from "./loader";
import { told } from "./told";
import { type Opened, trade } from "./trading";

const english = { signIn: "Sign in" };
/** A conversation waits no longer than this for what the page's own server says of its reader. */
const PAGE_ANSWERS_WITHIN = 4000;

/** What is being asked of the page, by the secret that it is for: of many requests that are turned away at once, one asks. */
const asked = new Map<string | null, Promise<string | null>>();

/**
 * A secret in place of one that does not count any more, or of none, if the page has a new token; else nobody is signed
 * in. Another thread or tab may have done it meanwhile.
 */
export function renew(of: Context, old: string | null): Promise<string | null> {
  const renewed = asked.get(old) ?? anew(of, old).finally(() => asked.delete(old));
  asked.set(old, renewed);
  return renewed;
}

async function anew(of: Context, old: string | null): Promise<string | null> {
  const { session } = of;
  if (session.secret() !== old) return session.secret();
  // What the page's own function throws is the page's trouble, and no reason to keep the thread from its reader.
  const answer = Promise.resolve().then(() => told().getToken?.()).catch(console.error);
  const jwt = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, PAGE_ANSWERS_WITHIN))]);
  if (typeof jwt === "string" && jwt && (await trade(of, jwt).then(() => true, () => false))) return session.secret();
  if (session.account() && session.secret() === old) session.leave();
  return null;
}

/** What a visit begins with: a new secret for the session that there is, or a session for whom the page knows. */
export async function begin(of: Context, load: () => Promise<void>, frame: Frame): Promise<void> {
  const [, code] = location.hash.split("#comments-code=");
  if (code) return (await elsewhere(of)()).arrive(of, frame, code);
  const old = of.session.secret();
  if (!of.session.account()) return (await renew(of, old)) ? load() : undefined;
  // Not as its `secret`, in place of which another might be taken: this one and no other is to be replaced.
  const headers = { authorization: `Bearer ${old}` };
  const found = await of.api.ask<Opened>("POST", "/session/rotate", { headers }).catch(() => null);
  if (found && of.session.secret() === old) of.session.begin(found.token, Date.now());
}

const elsewhere = (of: Context) => loader<typeof import("./provider")>(of.options.service, PROVIDER_CHUNK);

/** A button after the field for the name, or where that would be, for whoever is not signed in. */
export function offer(of: Context, who: HTMLElement): void {
  if (!of.site?.mail && !of.site?.providers?.[0]) return;
  const open = loader<typeof import("./signin")>(of.options.service, SIGNIN_CHUNK);
  const made = document.createElement("button");
  const show = (): void => void (made.hidden = !!of.session.account());
  Object.assign(made, {
    type: "button", className: "inline quiet", textContent: of.speaker("signing", english)("signIn"),
    onclick: () => open().then((part) => part.openSignIn(of, made, elsewhere(of))).catch(() => made.after(of.say("network"))),
  });
  of.session.hear(of.ended, show);
  show();
  who.after(made);
}

/** End the session in the service too; what cannot be reached there ends by its own time. */
export function signOut({ api }: Context, secret: string): void {
  void api.ask("DELETE", "/session", { secret }).catch(() => undefined);
}
