/** Trade the word of the paper's server on its reader for a session. */

import type { Context } from "./context";

export interface Opened {
  readonly token: string;
  readonly name?: string | null;
}

/** A session for a token that the paper's server has signed; what is typed stays. Rejects with why not. */
export async function trade({ api, session }: Context, jwt: string): Promise<void> {
  const { token, name } = await api.ask<Opened>("POST", "/sso", { body: { token: jwt } });
  // The form should know the name when the thread hears of the secret.
  if (name) session.rename(name);
  session.begin(token, Date.now());
}
