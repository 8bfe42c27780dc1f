/** For whoever is known here: how many notices wait, the way to them, and whether this conversation is followed. */

import css from "./bell.css";
import controls from "./controls.css";
import { type Context, failed } from "./context";
import { adopt, button, fill, h, set } from "./dom";
import { draw } from "./drawing";
import type { Frame } from "./frame";
import { loader } from "./loader";
import type { Mounted } from "./options";
import type { Me } from "./shapes";
import { secretOf } from "./writing";

const BELL = "M6 16v-5a6 6 0 0 1 12 0v5l1.5 2h-15zm4 4.5a2 2 0 0 0 4 0";
const PLUS = "M12 5v14M5 12h14";
const MINUS = "M5 12h14";
/** The service counts no further. */
const MOST = 100;

const english = {
  notices: "Notices",
  unread: "Notices, {n} unread",
  follow: "Follow this conversation",
  unfollow: "Unfollow",
  following: "You follow this conversation.",
  unfollowed: "You do not follow it any more.",
  elsewhere: "A comment of yours further down waits for a moderator.",
  showIt: "Show it",
};

/** What there is to show; what is not named stays. */
export type Told = Partial<Pick<Me, "unread" | "following" | "muted">>;

/** The secrets whose muted people a thread has taken up. */
const taken = new WeakMap<Context, string | null>();
const rung = new WeakMap<Context, (told: Told) => void>();

/** Show it in a thread, or take up what has changed of it; `frame` tells of what the reader has written and does not see. */
export function ring(of: Context, told: Told = {}, frame?: Frame): void {
  const show = rung.get(of) ?? hang(of);
  rung.set(of, show);
  show(told);
  takeUp(of, told);
  const [own] = of.store.elsewhere();
  if (!own || !frame || frame.notices.firstChild) return;
  const say = of.speaker("bell", english);
  frame.notice(say("elsewhere"), say("showIt"), () => void (of.host as Partial<Mounted>).focusComment?.(own.id));
}

/** Whom the account has muted in another browser is muted in this one too. */
function takeUp(of: Context, { muted = [] }: Told): void {
  const secret = of.session.secret();
  const fresh = muted.filter(({ author }) => !of.muted.has(author));
  // Once: what is not kept for some reason would be taken up without end.
  if (!fresh.length || taken.get(of) === secret) return;
  taken.set(of, secret);
  loader<typeof import("./muting")>(of.options.service, MUTING_CHUNK)().then(({ changeMuted }) => {
    changeMuted(of, (now) => fresh.forEach(({ author, name }) => now.set(author, name)));
    return (of.host as Partial<Mounted>).reload?.();
  }, () => undefined);
}

function hang(of: Context): (told: Told) => void {
  const { api, live, root, session } = of;
  const { key, url, articleToken: article_token, service } = of.options;
  const say = of.speaker("bell", english);
  const part = loader<typeof import("./notices")>(service, NOTICES_CHUNK);
  let followed = false;
  const show = ({ unread, following }: Told): void => {
    if (unread !== undefined) {
      const n = new Intl.NumberFormat(of.lang).format(unread) + (unread < MOST ? "" : "+");
      fill(bell, draw(BELL), h("span", {}, say("notices")), unread > 0 && h("span", { class: "n" }, n));
      set(bell, "aria-label", unread > 0 && say("unread", { n }));
    }
    followed = following ?? followed;
    fill(follow, draw(followed ? MINUS : PLUS), h("span", {}, say(followed ? "unfollow" : "follow")));
  };
  const change = async (): Promise<void> => {
    const secret = secretOf(session);
    const wanted = followed
      ? api.ask<{ following: boolean }>("DELETE", `/following?key=${encodeURIComponent(key)}`, { secret })
      : api.ask<{ following: boolean }>("PUT", "/following", { secret, body: { key, url, article_token } });
    set(follow, "aria-disabled", "true");
    try {
      show(await wanted);
      live.status(say(followed ? "following" : "unfollowed"));
    } catch (error) {
      failed(of, undefined, error, follow);
    }
    set(follow, "aria-disabled", null);
  };
  const bell: HTMLButtonElement = button("", { part: "button", "aria-haspopup": "dialog" }, () => {
    part().then((notices) => notices.openNotices(of, bell, show), () => failed(of, undefined, null, bell));
  });
  const follow = button("", { part: "button" }, () => void change());
  const row = h("div", { class: "bell" }, bell, follow);
  // The dialog that it opens has such controls too.
  adopt(root, controls, css);
  root.querySelector(".write")?.before(row);
  session.hear(of.ended, () => (row.hidden = !session.secret()));
  show({ unread: 0 });
  return show;
}
