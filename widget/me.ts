/** A reader's own page, in a dialog: all that is written, known and kept here. Loaded when it is opened from the form. */

import { bare } from "./bare";
import type { Context } from "./context";
import { fill, h } from "./dom";
import css from "./me.css";
import { loader } from "./loader";
import type { Mounted } from "./options";
import type { Own } from "./shapes";
import { Sheet } from "./sheet";
import type { Say } from "./words";

const english = {
  title: "Your page",
  close: "Close",
  comments: "Your comments",
  nothing: "You have not written anything here yet.",
  older: "Older comments",
  published: "Published",
  held: "Waiting for a moderator",
  rejected: "Not published",
  withdrawn: "Withdrawn",
  sessions: "Where you are known",
  browser: "A browser",
  present: "This browser",
  seen: "Last seen {time}",
  out: "Sign out there",
  outOf: "Sign out in {device}",
  others: "Sign out everywhere else",
  alone: "You are known in this browser alone.",
  muted: "People you have muted",
  unmute: "Unmute {name}",
  name: "Your name",
  keeps: "What you have said keeps the name that it was said under.",
  rename: "Change the name",
  renamed: "Your name is changed.",
  data: "Your data",
  file: "Everything that is kept of you here, as a file.",
  json: "As JSON",
  csv: "As a table (CSV)",
  leave: "Leave",
  day: "A day later, your words and your name are erased here for good. Until then you can take it back. Everywhere else you are signed out at once.",
  question: "What shall become of your comments?",
  tombstones: "Their places stay: where each one stood, it says that its author has left.",
  removal: "They are removed: a place stays only where somebody has answered.",
  erase: "Erase me",
  leaving: "You will be erased on {time}. Until then you can take it back.",
  stay: "Stay",
  stays: "You stay, and nothing is erased.",
};

interface Leaving {
  readonly due_at: string;
}
interface Profile {
  readonly name: string | null;
  /** Why the name is not changed here. */
  readonly told: string | null;
  readonly leaving: Leaving | null;
}
interface Written {
  readonly comments: readonly (Own & { readonly title: string; readonly place: string })[];
  readonly next: string | null;
}
interface Sessions {
  readonly sessions: readonly { readonly id: string; readonly device: string; readonly seen: string; readonly present: boolean }[];
}

type Key = keyof typeof english;

export async function openPage(of: Context, opener: HTMLElement): Promise<void> {
  new Mine(of, opener, of.speaker("me", await of.further("me", english)));
}

class Mine extends Sheet<Key> {
  readonly #pending = h("div", { class: "wish", hidden: true });
  readonly #leave = this.section("leave");
  #unmuted = false;

  constructor(of: Context, opener: HTMLElement, say: Say<Key>) {
    super(of, "me", say, () => {
      // The line of the form may have been written anew, with the name.
      (opener.isConnected ? opener : of.root.querySelector<HTMLElement>(".as button"))?.focus();
      if (this.#unmuted) void (of.host as Partial<Mounted>).reload?.();
    });
    this.body.before(this.#pending);
    this.open(this.#fill(), css);
  }

  async #fill(): Promise<void> {
    const profile = await this.ask<Profile>("GET", "/me/profile");
    const [written, known] = await Promise.all([this.ask<Written>("GET", "/me/comments"), this.ask<Sessions>("GET", "/me/sessions")]);
    const [comments, sessions] = [this.section("comments"), this.section("sessions")];
    this.#list(comments, written);
    this.#known(sessions, known);
    this.#leaving(profile.leaving);
    fill(this.body, comments, sessions, this.#people(), this.#naming(profile), this.#data(), this.#leave);
  }

  #list(section: HTMLElement, { comments, next }: Written): void {
    const { say } = this;
    const items = comments.map((one) => h(
      "li", {},
      h("p", { class: "small" }, h("strong", {}, say(one.status)), ` · ${this.when(one.created)} · `, h("a", { href: one.place }, h("bdi", {}, one.title))),
      one.reason && h("p", { class: "small" }, one.reason),
      h("p", { class: "said", dir: "auto" }, one.source),
    ));
    // Of a page that comes later, the first one gets the focus, as what was pressed is gone.
    const more = this.button("older", async () => {
      const page = await this.ask<Written>("GET", `/me/comments?cursor=${next}`);
      more.remove();
      this.#list(section, page);
      items.at(-1)?.nextElementSibling?.querySelector("a")?.focus();
    });
    const list = section.querySelector("ul") ?? h("ul", { role: "list" });
    list.append(...items);
    section.append(list, list.firstChild ? "" : h("p", { class: "small" }, say("nothing")));
    if (next) section.append(more);
  }

  #known(section: HTMLElement, { sessions }: Sessions): void {
    const { say } = this;
    const end = (path: string) => async (): Promise<void> => {
      this.#known(section, await this.ask<Sessions>("DELETE", path));
      section.querySelector("h3")?.focus();
    };
    const items = sessions.map(({ id, device, seen, present }) => {
      const named = device || say("browser");
      return h(
        "li", { class: "pair" },
        h("p", {}, h("strong", {}, named), h("span", { class: "small" }, present ? ` · ${say("present")}` : "", h("br"), say("seen", { time: this.when(seen) }))),
        !present && this.button("out", end(`/me/sessions/${id}`), { "aria-label": say("outOf", { device: named }) }),
      );
    });
    const all = items.length > 1 ? this.button("others", end("/me/sessions")) : h("p", { class: "small" }, say("alone"));
    fill(section, section.firstChild, h("ul", { role: "list" }, ...items), all);
  }

  #people(): HTMLElement {
    const { muted, options, say } = this.of;
    const section = this.section("muted");
    const part = loader<typeof import("./muting")>(options.service, MUTING_CHUNK);
    const items = [...muted].map(([author, name]) => {
      const unmute = this.button("unmute", async () => {
        (await part()).hear(this.of, author);
        item.remove();
        this.#unmuted = true;
        section.querySelector("h3")?.focus();
      }, { "aria-label": this.say("unmute", { name }) });
      unmute.textContent = say("unmute");
      const item = h("li", { class: "pair" }, h("bdi", {}, name), unmute);
      return item;
    });
    section.append(h("ul", { role: "list" }, ...items));
    section.hidden = !items.length;
    return section;
  }

  #naming({ name, told }: Profile): HTMLElement {
    const section = this.section("name");
    const field = h("input", { maxlength: 60, dir: "auto", autocomplete: "name", part: "field", "aria-labelledby": "me-name" });
    const picture = h("span");
    // As it stands beside the comments; an older thread does not lend it.
    const draw = (): void => fill(picture, this.of.avatar?.(field.value));
    field.value = name ?? this.of.session.name();
    field.addEventListener("input", draw);
    draw();
    if (told) {
      section.append(h("div", { class: "pair" }, picture, h("p", { class: "small" }, told)));
      return section;
    }
    const send = h("button", { class: "quiet", part: "button" }, this.say("rename"));
    const form = h("form", {}, h("div", { class: "pair" }, picture, field, send), h("p", { class: "small" }, this.say("keeps")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.act(send, async () => {
        const renamed = await this.ask<{ name: string }>("PUT", "/me/name", { name: field.value });
        field.value = renamed.name;
        draw();
        this.of.session.rename(renamed.name);
        this.told.textContent = this.say("renamed");
      });
    });
    section.append(form);
    return section;
  }

  #data(): HTMLElement {
    const section = this.section("data");
    const save = (format: "json" | "csv"): HTMLElement => this.button(format, async () => {
      const { options, session, ended } = this.of;
      // Asked first, as whoever was signed in may have to be anew.
      await this.ask("GET", "/me/profile");
      const address = `${options.service}/api/v1/sites/${encodeURIComponent(options.site)}/me/data?format=${format}`;
      const headers = bare({ authorization: `Bearer ${session.secret()}` });
      const answer = await fetch(address, bare({ headers, credentials: "omit", signal: ended }));
      if (!answer.ok) throw { kind: answer.status === 429 ? "limited" : "server" };
      const link = h("a", { href: URL.createObjectURL(await answer.blob()), download: `my-comments.${format}` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    });
    section.append(h("p", { class: "small" }, this.say("file")), h("div", { class: "row" }, save("json"), save("csv")));
    return section;
  }

  #leaving(wish: Leaving | null): void {
    const { say } = this;
    this.#pending.hidden = !wish;
    this.#leave.hidden = !!wish;
    if (wish) {
      const stay = this.button("stay", async () => {
        this.#leaving((await this.ask<Profile>("DELETE", "/me/leaving")).leaving);
        this.told.textContent = say("stays");
        this.#leave.querySelector("h3")?.focus();
      });
      fill(this.#pending, h("p", {}, say("leaving", { time: this.of.times.full(Date.parse(wish.due_at)) })), stay);
    }
    const radios = (["tombstones", "removal"] as const).map((value) => h("input", { type: "radio", name: "way", value }));
    const choices = radios.map((radio) => h("label", {}, radio, say(radio.value as Key)));
    const erase = this.button("erase", async () => {
      const way = radios.find((radio) => radio.checked)?.value ?? "";
      this.#leaving(await this.ask<Leaving>("POST", "/me/leaving", { way }));
      this.#pending.querySelector("button")?.focus();
    });
    erase.classList.add("danger");
    fill(
      this.#leave, this.#leave.firstChild, h("p", { class: "small" }, say("day")),
      h("fieldset", {}, h("legend", {}, say("question")), ...choices), erase,
    );
  }
}
