/** Not to read somebody any more, in this browser, and to do so again; loaded when somebody is about to. */

import type { Stage } from "./acts";
import { type Context, emit } from "./context";
import { adopt, button, goTo, h, set } from "./dom";
import { keepMuted, mutedOn } from "./muted";
import css from "./muting.css";
import type { Say } from "./words";

const english = {
  youMuted: "You do not see what {name} writes any more, in this browser.",
  unmuted: "You see what {name} writes again.",
  people: "People you have muted",
  unmute: "Unmute {name}",
};

/** Change who is muted, on top of what another tab has kept meanwhile. */
export function changeMuted({ muted, options, unveiled }: Context, change: (muted: Map<string, string>) => void): void {
  const now = mutedOn(options.site);
  change(now);
  keepMuted(options.site, now);
  muted.clear();
  for (const [author, name] of mutedOn(options.site)) muted.set(author, name);
  unveiled.clear();
}

/** Hear somebody again. */
export function hear(of: Context, author: string): void {
  changeMuted(of, (muted) => muted.delete(author));
  keep(of, "DELETE", `/mutes/${author}`);
}

/** With an account, the service keeps it too, for other browsers and for notices; a guest's browser tells nobody. */
function keep({ api, session }: Context, method: string, path: string): void {
  const secret = session.account?.() && session.secret();
  if (secret) api.ask(method, path, { secret }).catch(() => undefined);
}

export class Muting {
  readonly #of: Context;
  readonly #stage: Stage;
  readonly #say: Say<keyof typeof english>;

  constructor(of: Context, stage: Stage) {
    adopt(of.root, css);
    this.#of = of;
    this.#stage = stage;
    this.#say = of.speaker("muting", english);
  }

  mute(id: string): void {
    const comment = this.#of.store.get(id);
    if (!comment?.author) return;
    const { author, name } = comment;
    changeMuted(this.#of, (muted) => muted.set(author, name));
    keep(this.#of, "PUT", `/comments/${id}/mute`);
    this.#stage.render();
    this.#tell("youMuted", name);
    // What was pressed is gone; the way back stands in its place.
    this.#stage.card(id)?.article.querySelector<HTMLElement>('[data-act="unmute"]')?.focus();
  }

  unmute(id: string): void {
    const comment = this.#of.store.get(id);
    if (!comment) return;
    this.#forget(comment.author, comment.name);
    this.#focus(id);
  }

  /** This one comment, without hearing more of its author. */
  show(id: string): void {
    this.#of.unveiled.add(id);
    this.#stage.render();
    this.#focus(id);
  }

  /** The list of those who are muted, under its button; open or shut. */
  muted(_: string, pressed: HTMLElement): void {
    const line = pressed.parentElement;
    const open = line?.querySelector("ul");
    set(pressed, "aria-expanded", !open);
    if (open) return open.remove();
    const items = [...this.#of.muted].map(([author, name]) => {
      const item = h("li", {}, h("bdi", {}, name));
      const label = this.#say("unmute", { name });
      item.append(button(this.#of.say("unmute"), { class: "inline", part: "button", "aria-label": label }, () => {
        this.#forget(author, name);
        item.remove();
        goTo(pressed.hidden ? this.#stage.heading() : pressed);
      }));
      return item;
    });
    line?.append(h("ul", { role: "list", "aria-label": this.#say("people") }, ...items));
  }

  #forget(author: string, name: string): void {
    hear(this.#of, author);
    if (this.#of.muted.size === 0) this.#of.root.querySelector(".muted > ul")?.remove();
    this.#stage.render();
    this.#tell("unmuted", name);
  }

  #tell(key: "youMuted" | "unmuted", name: string): void {
    this.#of.live.status(this.#say(key, { name }));
    emit(this.#of, "muted", { people: this.#of.muted.size });
  }

  #focus(id: string): void {
    this.#stage.card(id)?.article.focus();
  }
}
