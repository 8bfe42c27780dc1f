/** Bind this browser to the moderator whose link was opened; loaded with such a link alone. */

import { type Context, failureOf, why } from "./context";
import type { Frame } from "./frame";
import { secretOf } from "./writing";

const english = {
  bound: "From now on this browser writes here as staff, under the name {name}.",
};

export async function bind(of: Context, frame: Frame, code: string): Promise<void> {
  const say = of.speaker("staff", english);
  // Gone from the address before anything else: it counts once, and a copied link would only confuse.
  history.replaceState(history.state, "", location.href.split("#")[0]);
  let text: string;
  try {
    const { name } = await of.api.ask<{ name: string }>("POST", "/staff", { body: { code }, secret: secretOf(of.session) });
    of.session.rename(name);
    text = say("bound", { name });
  } catch (error) {
    text = of.say("notDone", { why: why(of, failureOf(error)) });
  }
  if (of.ended.aborted) return;
  frame.notice(text);
  of.live.status(text);
}
