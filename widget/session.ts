/**
 * Who this browser is to one site: the one place that keeps it, and that other tabs and threads hear of it through.
 * A guest, known by a secret that the browser itself makes; whoever signs in otherwise begins and ends here too.
 */

import { read, write } from "./storage";

export interface Session {
  /** The secret, or null while nothing has been written from this browser. */
  secret(): string | null;
  /** Be known by this secret from now on; with `account`, the time, as somebody with an account of the paper. */
  begin(secret: string, account?: number): void;
  /** That time, by this browser's clock; 0 for a guest. */
  account(): number;
  /** Be nobody any more, and keep what was begun. */
  leave(): void;
  /** The name last posted under. */
  name(): string;
  rename(name: string): void;
  /** Forget all that this browser keeps of its reader: who it is, whom it mutes, and what was begun and not posted. */
  end(): void;
  /** Call `act` when any of it has changed, here (`own`), in another thread of the page or in another tab. */
  hear(ended: AbortSignal, act: (own: boolean) => void): void;
}

const SECRET = /^[\w-]{43}$/;
const NEWS = "comments:session";

export function sessionOf(site: string): Session {
  const place = (what: string): string => `comments.${what}.${site}`;
  const [secretAt, nameAt, accountAt] = [place("secret"), place("name"), place("account")];
  const secret = (): string | null => {
    const kept = read(secretAt);
    return kept !== null && SECRET.test(kept) ? kept : null;
  };
  const keep = (key: string, value: string): void => {
    if (read(key) === value) return;
    write(key, value);
    tell();
  };
  // Storage tells the other tabs by itself, and nobody in this page.
  const tell = (): void => void dispatchEvent(new CustomEvent(NEWS, { detail: session }));
  const forget = (...all: string[]): void => {
    for (const what of all) write(place(what), null);
    tell();
  };
  const session: Session = {
    secret,
    begin(made, account) {
      if (account) write(accountAt, `${account}`);
      keep(secretAt, made);
    },
    account: () => Number(read(accountAt)),
    name: () => read(nameAt) ?? "",
    rename: (name) => keep(nameAt, name),
    leave: () => forget("secret", "name", "account"),
    end: () => forget("secret", "name", "account", "drafts", "muted", "list"),
    hear(signal: AbortSignal, act: (own: boolean) => void) {
      addEventListener("storage", (event: StorageEvent) => {
        if ([null, secretAt, nameAt].includes(event.key)) act(false);
      }, { signal });
      addEventListener(NEWS, (event) => act((event as CustomEvent).detail === session), { signal });
    },
  };
  return session;
}
