/** What the page, another thread or another tab asks of a thread. */

import { type Context, emit } from "./context";
import type { Field } from "./field";

/** Load anew when this browser becomes known, takes another name or is forgotten: here, in another thread or tab. */
export function followSession(of: Context, load: () => Promise<void>): void {
  let before = of.session.secret();
  const follow = (own: boolean): void => {
    const secret = of.session.secret();
    const same = secret === before;
    before = secret;
    if (!same) {
      if (secret) emit(of, "login");
      else emit(of, "logout");
    }
    // Who begins to write here has nothing else yet; a name comes when what was written elsewhere is stored. Where no
    // guest may write, somebody has signed in.
    if (!own || !of.writable || !(same || secret)) void load();
  };
  of.session.hear(of.ended, follow);
  // A page that comes back out of the browser's memory has heard nothing meanwhile.
  addEventListener("pageshow", () => of.session.secret() !== before && follow(false), { signal: of.ended });
}

/** Put the cursor into a form, and some words behind what stands there. */
export function writeInto(of: Context, field: Field, words: string): void {
  if (!of.writable) return;
  const { text } = field;
  field.begin();
  if (!words) return;
  text.value += (text.value && "\n\n") + words;
  text.dispatchEvent(new Event("input"));
}
