/** What a reader was told, whom they follow and what comes by mail, in a dialog. Loaded when the bell is pressed. */

import type { Told } from "./bell";
import type { Context } from "./context";
import { fill, h } from "./dom";
import css from "./notices.css";
import type { Mounted } from "./options";
import { Sheet } from "./sheet";
import { terms } from "./terms";
import type { Say } from "./words";

/** A page that is left waits no longer than this for a notice to be marked as read. */
const LEAVES_WITHIN = 1000;

const english = {
  title: "Notices",
  close: "Close",
  all: "Mark all as read",
  read: "All are marked as read.",
  nothing: "Answers to what you write here will be listed, and what becomes of it.",
  fresh: "New",
  older: "Earlier ones",
  followed: "Conversations you follow",
  none: "You follow none yet.",
  unfollow: "Unfollow",
  unfollowIt: "Unfollow “{article}”",
  unfollowed: "You do not follow it any more.",
  mail: "By mail",
  off: "This site sends no mail at present.",
  unconfirmed: "No mail is sent before you have confirmed an address.",
  confirmed: "Mails go to the address that you have confirmed.",
  address: "Your e-mail address",
  send: "Send me a link to confirm it",
  sent: "If that address takes mail, a link to confirm it is on its way. Follow it, and notices come by mail.",
  language: "Language of the mails",
  save: "Save",
  saved: "Saved.",
  feed: "Your own feed",
  secret: "For a program that reads feeds. Whoever has its address can read your notices, so keep it to yourself.",
  make: "Make an address",
  renew: "Make a new address",
  end: "Close the feed",
  once: "This is the address of your feed. It is shown only now; one that you had before is not good any more.",
  ended: "The feed is closed.",
};

interface Notice {
  readonly id: string;
  readonly text: string;
  readonly reason: string;
  readonly appeal: string;
  /** Where it leads, under which article, and to which comment there; null where there is nothing to see. */
  readonly place: string | null;
  readonly key: string | null;
  readonly comment: string | null;
  readonly created: string;
  readonly read: boolean;
}
interface Notices {
  readonly notices: readonly Notice[];
  readonly next: string | null;
  readonly unread: number;
}
interface Followed {
  readonly conversations: readonly { readonly key: string; readonly title: string; readonly url: string }[];
  readonly next: string | null;
}
interface Choice {
  readonly value: string;
  readonly text: string;
}
interface Wishes {
  readonly wishes: Readonly<Record<string, string>>;
  readonly choices: readonly (Choice & { readonly times: readonly Choice[] })[];
  readonly mail: "off" | "unconfirmed" | "confirmed";
  readonly language: string | null;
  readonly languages: readonly Choice[];
  readonly feed: boolean;
}

type Key = keyof typeof english;
type Show = (told: Told) => void;

/** `show` is told what the bell should show. */
export async function openNotices(of: Context, opener: HTMLElement, show: Show): Promise<void> {
  new Listed(of, opener, show, of.speaker("notices", await of.further("notices", english)));
}

class Listed extends Sheet<Key> {
  readonly #show: Show;
  readonly #all = this.button("all", async () => {
    this.#count(await this.ask<Told>("POST", "/notices/read", {}));
    for (const one of this.body.querySelectorAll(".new")) this.#seen(one);
    this.told.textContent = this.say("read");
    this.dialog.querySelector("h2")?.focus();
  });
  /** Whether a notice leads the reader elsewhere. */
  #led = false;

  constructor(of: Context, opener: HTMLElement, show: Show, say: Say<Key>) {
    super(of, "inbox", say, () => this.#led || opener.focus());
    this.#show = show;
    this.open(this.#fill(), css);
  }

  async #fill(): Promise<void> {
    const { lang, options } = this.of;
    const [told, followed, wishes] = await Promise.all([
      this.ask<Notices & Told>("GET", `/notices?lang=${lang}&key=${encodeURIComponent(options.key)}`),
      this.ask<Followed>("GET", "/following"),
      this.ask<Wishes>("GET", `/notices/settings?lang=${lang}`),
    ]);
    const [list, conversations, mail, feed] = [h("div"), this.section("followed"), this.section("mail"), this.section("feed")];
    this.#list(list, told);
    this.#count(told);
    this.#follows(conversations, followed);
    this.#mail(mail, wishes);
    this.#feed(feed, wishes.feed);
    fill(this.body, list, conversations, mail, feed);
  }

  #count(told: Told): void {
    this.#all.hidden = !told.unread;
    this.#show(told);
  }

  #seen(item: Element): void {
    item.classList.remove("new");
    item.querySelector(".mark")?.remove();
  }

  #list(section: HTMLElement, { notices, next }: Notices): void {
    const items = notices.map((one) => {
      const item = h(
        "li", { class: !one.read && "new" },
        h("p", { dir: "auto" }, one.place ? this.#link(one, one.place, () => this.#seen(item)) : one.text),
        one.reason && h("p", { class: "small" }, `${one.reason} ${one.appeal}`),
        h("p", { class: "small" }, !one.read && h("span", { class: "mark" }, `${this.say("fresh")} · `), this.when(one.created)),
      );
      return item;
    });
    const list = section.querySelector("ol") ?? h("ol", { role: "list" });
    list.append(...items);
    const more = this.button("older", async () => {
      const page = await this.ask<Notices>("GET", `/notices?lang=${this.of.lang}&cursor=${next}`);
      this.#list(section, page);
      items.at(-1)?.nextElementSibling?.querySelector("a")?.focus();
    });
    fill(section, list, items.length ? "" : h("p", { class: "small empty" }, this.say("nothing")), h("div", { class: "row" }, this.#all, next && more));
  }

  #link({ id, key, comment, text }: Notice, place: string, seen: () => void): HTMLElement {
    const link = h("a", { href: place }, text);
    link.addEventListener("click", (event) => {
      const read = this.ask<Told>("POST", "/notices/read", { notice: id }).then((told) => {
        seen();
        this.#count(told);
      }, () => undefined);
      // Into a tab of its own, as the browser does it.
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      if (key !== this.of.options.key) {
        const late = new Promise((done) => setTimeout(done, LEAVES_WITHIN));
        void Promise.race([read, late]).then(() => location.assign(place));
        return;
      }
      this.#led = true;
      this.dialog.close();
      void (this.of.host as Partial<Mounted>).focusComment?.(comment ?? "");
    });
    return link;
  }

  #follows(section: HTMLElement, { conversations, next }: Followed): void {
    const items = conversations.map(({ key, title, url }) => {
      const item = h("li", { class: "pair" }, h("a", { href: url }, h("bdi", {}, title)), this.button("unfollow", async () => {
        const told = await this.ask<Told>("DELETE", `/following?key=${encodeURIComponent(key)}`);
        if (key === this.of.options.key) this.#show(told);
        item.remove();
        this.#follows(section, { conversations: [], next });
        this.told.textContent = this.say("unfollowed");
        section.querySelector("h3")?.focus();
      }, { "aria-label": this.say("unfollowIt", { article: title }) }));
      return item;
    });
    const more = this.button("older", async () => {
      this.#follows(section, await this.ask<Followed>("GET", `/following?cursor=${next}`));
      items.at(-1)?.nextElementSibling?.querySelector("a")?.focus();
    });
    const list = section.querySelector("ul") ?? h("ul", { role: "list" });
    list.append(...items);
    fill(section, section.firstChild, list, list.firstChild ? "" : h("p", { class: "small" }, this.say("none")), next && more);
  }

  #mail(section: HTMLElement, { choices, wishes, mail, language, languages }: Wishes): void {
    const boxes: HTMLSelectElement[] = [];
    const line = (name: string, label: string, options: readonly Choice[], value = ""): HTMLElement => {
      const id = `inbox-${name}`;
      const box = h("select", { id, name, part: "field" }, ...options.map((one) => h("option", { value: one.value }, one.text)));
      box.value = value;
      boxes.push(box);
      return h("div", { class: "pair" }, h("label", { for: id }, label), box);
    };
    const lines = choices.map(({ value, text, times }) => line(value, text, times, wishes[value]));
    const tongue = language && line("language", this.say("language"), languages, language);
    const form = this.#form("save", async () => {
      const chosen = Object.fromEntries(boxes.map((box) => [box.name, box.value]));
      const { language = "", ...rest } = chosen;
      await this.ask("PUT", "/notices/settings", { wishes: rest, language });
      this.told.textContent = this.say("saved");
    }, ...lines, tongue);
    fill(section, section.firstChild, h("p", { class: "small" }, this.say(mail)), mail === "unconfirmed" && this.#address(), form);
  }

  #address(): HTMLElement {
    const field = h("input", { id: "inbox-address", inputmode: "email", autocomplete: "email", maxlength: 254, dir: "ltr", part: "field" });
    return this.#form("send", async () => {
      await this.ask("POST", "/notices/address", { address: field.value.trim(), lang: this.of.lang });
      this.told.textContent = this.say("sent");
    }, h("label", { for: field.id }, this.say("address")), field, terms(this.of));
  }

  #form(key: Key, work: () => Promise<unknown>, ...fields: (Node | string | null)[]): HTMLElement {
    const send = h("button", { class: "quiet", part: "button" }, this.say(key));
    const form = h("form", { novalidate: true }, ...fields, send);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!send.getAttribute("aria-disabled")) this.act(send, work);
    });
    return form;
  }

  #feed(section: HTMLElement, open: boolean, url = ""): void {
    const make = this.button(open ? "renew" : "make", async () => {
      this.#feed(section, true, (await this.ask<{ url: string }>("POST", "/notices/feed")).url);
      this.told.textContent = this.say("once");
      section.querySelector("a")?.focus();
    });
    const end = this.button("end", async () => {
      await this.ask("DELETE", "/notices/feed");
      this.#feed(section, false);
      this.told.textContent = this.say("ended");
      section.querySelector("h3")?.focus();
    });
    fill(
      section, section.firstChild, h("p", { class: "small" }, this.say("secret")),
      url && h("a", { class: "secret", href: url, dir: "ltr", rel: "nofollow" }, url), h("div", { class: "row" }, make, open && end),
    );
  }
}
