/** Who this browser is to one site: a guest, known by a secret that the browser itself makes. */

import { read, write } from "./storage";

export interface Session {
  /** The secret, or null while nothing has been written from this browser. */
  secret(): string | null;
  /** Be known by this secret from now on. */
  begin(secret: string): void;
  /** The name last posted under. */
  name(): string;
  rename(name: string): void;
}

const SECRET = /^[\w-]{43}$/;

export function sessionOf(site: string): Session {
  const secretAt = `comments.secret.${site}`;
  const nameAt = `comments.name.${site}`;
  const secret = (): string | null => {
    const kept = read(secretAt);
    return kept !== null && SECRET.test(kept) ? kept : null;
  };
  return {
    secret,
    begin: (made) => write(secretAt, made),
    name: () => read(nameAt) ?? "",
    rename: (name) => write(nameAt, name),
  };
}
