/** Who this browser is to one site: a guest, known by a secret that the browser itself makes. */

import { read, write } from "./storage";

export interface Session {
  /** The secret, or null while nothing has been written from this browser. */
  secret(): string | null;
  /** The secret, made now if there is none. */
  begin(): string;
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
    begin() {
      const kept = secret() ?? random(32);
      write(secretAt, kept);
      return kept;
    },
    name: () => read(nameAt) ?? "",
    rename: (name) => write(nameAt, name),
  };
}

/** So many random bytes as base64url. */
export function random(bytes: number): string {
  const raw = crypto.getRandomValues(new Uint8Array(bytes));
  return btoa(String.fromCharCode(...raw)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
