/** What only a reader who writes needs: a secret to be known by, and the requests that carry it. */

import type { Context } from "./context";
import type { Plan } from "./field";
import type { Session } from "./session";
import type { Previewed } from "./shapes";

/** The secret of this browser, made now if there is none. */
export function secretOf(session: Session): string {
  const secret = session.secret() ?? random(32);
  session.begin(secret);
  return secret;
}

/** Change a comment, or what hangs on it (`what`, such as "/recommendation"). Rejects with a Failure. */
export function write<T>({ api, session }: Context, method: string, id: string, what = "", body?: unknown): Promise<T> {
  return api.ask<T>(method, `/comments/${encodeURIComponent(id)}${what}`, { body, secret: secretOf(session) });
}

/** What the service would make of a text, and say of it; nothing is stored. Rejects with a Failure. */
export function preview({ api, options, session }: Context, { kind, id }: Plan, text: string): Promise<Previewed> {
  const body = { text, key: options.key, editing: kind === "edit" ? id : null };
  return api.ask<Previewed>("POST", "/preview", { body, secret: secretOf(session) });
}

/** So many random bytes as base64url. */
export function random(bytes: number): string {
  const raw = crypto.getRandomValues(new Uint8Array(bytes));
  return btoa(String.fromCharCode(...raw)).replace(/[+/]/g, (sign) => (sign > "+" ? "_" : "-")).replace(/=/g, "");
}
