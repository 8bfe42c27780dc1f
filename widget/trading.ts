/** Trade the word of the paper's server on its reader for a session. */

import type { Failure } from "./api";
import { type Context, failureOf } from "./context";

export interface Opened {
  readonly token: string;
  readonly name?: string | null;
}

/** A session for a token that the paper's server has signed; what is typed stays. Why not, or null. */
export async function trade(of: Context, jwt: string): Promise<Failure | null> {
  const { api, session } = of;
  try {
    const { token, name } = await api.ask<Opened>("POST", "/sso", { body: { token: jwt } });
    // The form should know the name when the thread hears of the secret.
    if (name) session.rename(name);
    session.begin(token, Date.now());
    return null;
  } catch (error) {
    return failureOf(error);
  }
}
