/** The chunk's entry: one conversation, mounted into the shadow root of its element. */

import { actsOn } from "./acts";
import { Composer } from "./composer";
import { type Context, contextOf, emit, failureOf, later } from "./context";
import { fill, goTo, h, set } from "./dom";
import { Frame } from "./frame";
import { List } from "./list";
import type { Mounted, Options, Sort } from "./options";
import { aimed, Permalinks } from "./permalinks";
import { Sender } from "./sending";
import type { Me, Own, Page } from "./shapes";
import css from "./thread.css" with { type: "text" };
import { setTone } from "./tone";

const REFRESH = 30_000;
const PATIENT = 500;

export function mount(host: HTMLElement, options: Options): Mounted {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  let thread = new Thread(host, root, options);
  return {
    update(changed) {
      if (JSON.stringify(changed) === JSON.stringify(options)) return;
      options = changed;
      thread.end();
      thread = new Thread(host, root, options);
    },
    unmount() {
      thread.end();
      root.adoptedStyleSheets = root.adoptedStyleSheets.filter((one) => one !== sheet);
    },
    reload: () => thread.load(),
    focusComment: (id) => thread.focusComment(id),
  };
}

class Thread {
  readonly #of: Context;
  readonly #end = new AbortController();
  readonly #frame: Frame;
  readonly #list: List;
  readonly #links: Permalinks;
  #composer: Composer | null = null;
  /** Counts the loads, so that a slow earlier answer does not replace a later one. */
  #round = 0;
  #failed = false;

  constructor(host: HTMLElement, root: ShadowRoot, options: Options) {
    const of = (this.#of = contextOf(host, root, options, this.#end.signal));
    this.#frame = new Frame(of, (sort) => void this.#sort(sort));
    this.#list = new List(
      of,
      actsOn(of, {
        card: (id) => this.#list.card(id),
        render: () => this.#render(),
        arrived: (own) => this.#arrived(own),
        visit: (id) => this.#links.visit(id),
        leave: (id) => this.#leave(id),
      }),
      (id, pressed) => void this.#moreReplies(id, pressed),
    );
    this.#links = new Permalinks(of, this.#frame, {
      card: (id) => this.#list.card(id),
      render: () => this.#render(),
    });
    set(host, "data-theme", options.theme === "inherit" ? null : options.theme);
    setTone(of);
    // What the page's own server has put in stays in view until there is something better.
    this.#frame.section.hidden = host.childElementCount > 0;
    root.append(this.#frame.section);
    this.#listen();
    void this.load().then(() => {
      if (!of.ended.aborted) emit(of, "ready");
    });
  }

  end(): void {
    this.#composer?.keep();
    this.#end.abort();
    this.#of.root.replaceChildren();
  }

  /** Show the thread from its first page on. */
  async load(): Promise<void> {
    const of = this.#of;
    const round = (this.#round += 1);
    this.#failed = false;
    later(of, PATIENT, () => {
      if (round === this.#round && !of.article && !this.#failed) this.#frame.loading();
    });
    const following = of.article ? null : aimed(location.hash);
    const secret = of.session.secret();
    // Without what is the reader's own, the conversation can still be read.
    const mine = secret ? of.api.me(secret).catch(() => null) : null;
    try {
      const [page, me] = await Promise.all([of.api.thread(of.sort, null), mine]);
      if (round === this.#round) this.#loaded(page, me);
    } catch (error) {
      if (round === this.#round && !of.ended.aborted) this.#notLoaded(error);
      return;
    }
    if (following && round === this.#round) await this.#links.show(following);
  }

  focusComment(id: string): Promise<void> {
    return this.#links.show(id);
  }

  #loaded(page: Page, me: Me | null): void {
    const of = this.#of;
    of.store.clear();
    this.#list.forget();
    of.article = page.article;
    of.writable = page.article.open && page.site.guests;
    of.store.addPage(page.comments);
    if (me) {
      of.clock.set(me.now);
      of.recommended.clear();
      for (const id of me.recommended) of.recommended.add(id);
      for (const id of me.reported) of.reported.add(id);
      of.store.addMine(me.comments, of.clock.now());
      if (me.name && !of.session.name()) of.session.rename(me.name);
    }
    of.root.querySelector("slot")?.remove();
    // What the page's own server has put in would be stale, and its ids double, from here on.
    of.host.querySelector(":scope > .comments-static")?.remove();
    this.#frame.section.hidden = false;
    fill(this.#frame.notices);
    this.#showForm(page.site.name);
    this.#frame.clear();
    this.#render();
    this.#offerNext(page.next);
    this.#tellElsewhere();
    emit(of, "loaded", { total: page.article.comments });
  }

  #notLoaded(error: unknown): void {
    this.#failed = true;
    const failure = failureOf(error);
    this.#frame.section.hidden = false;
    emit(this.#of, "error", { status: failure.status });
    this.#frame.failed(failure, () => void this.load().then(() => this.#failed || this.#frame.heading.focus()));
  }

  #showForm(site: string): void {
    const { article, writable, say } = this.#of;
    if (!article?.open) return this.#frame.noForm("lock", say("closed"));
    if (!writable) return this.#frame.noForm("lock", say("members", { site }));
    if (this.#composer?.form.isConnected) return;
    const sender = new Sender(this.#of.api);
    this.#composer = new Composer(this.#of, {
      kind: "comment",
      label: say("yourComment"),
      verbs: ["post", "posting"],
      place: [],
      text: "",
      prepare: () => sender.prepare(),
      send: (body, name, website) => sender.post({ name, body, parent: null, website }),
      done: (own) => this.#arrived(own),
    });
    fill(this.#frame.write, this.#composer.form);
  }

  #render(): void {
    const { article, store } = this.#of;
    this.#list.render(this.#frame.list);
    this.#frame.section.classList.toggle("alone", store.only !== null);
    this.#frame.list.hidden = store.top().length === 0;
    if (article && store.top().length === 0) this.#frame.empty(article.open);
    else if (article) this.#frame.clear();
    this.#frame.count();
  }

  #offerNext(cursor: string | null): void {
    this.#frame.after(cursor === null ? null : (pressed) => void this.#moreComments(cursor, pressed));
  }

  async #moreComments(cursor: string, pressed: HTMLElement): Promise<void> {
    const { api, store, live, say, sort, ended } = this.#of;
    try {
      const page = await api.thread(sort, cursor);
      const fresh = store.addPage(page.comments);
      this.#render();
      this.#offerNext(page.next);
      live.status(say("loaded", { n: fresh.length }));
      this.#goToFirst(fresh);
    } catch (error) {
      if (!ended.aborted) this.#notMore(error, pressed);
    }
  }

  async #moreReplies(id: string, pressed: HTMLElement): Promise<void> {
    const { api, store, live, say, ended } = this.#of;
    try {
      const batch = await api.replies(id, store.missing(id)?.after ?? "");
      const fresh = store.addReplies(id, batch.comments, batch.next);
      set(pressed, "aria-disabled", null);
      this.#render();
      live.status(say("loaded", { n: fresh.length }));
      this.#goToFirst(fresh);
    } catch (error) {
      if (!ended.aborted) this.#notMore(error, pressed);
    }
  }

  #notMore(error: unknown, pressed: HTMLElement): void {
    set(pressed, "aria-disabled", null);
    const text = this.#of.say("loadFailed");
    const note = h("p", { class: "error" }, text);
    pressed.after(note);
    later(this.#of, 10_000, () => note.remove());
    this.#of.live.alert(text);
    emit(this.#of, "error", { status: failureOf(error).status });
  }

  /** Focus what comes first on the page of what has come. */
  #goToFirst(fresh: readonly string[]): void {
    const cards = fresh.flatMap((id) => this.#list.card(id)?.article ?? []).filter((card) => card.isConnected);
    const first = cards.reduce<HTMLElement | null>(
      (a, b) => (a && a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? a : b), null);
    if (first) goTo(first);
  }

  async #sort(sort: Sort): Promise<void> {
    this.#of.sort = sort;
    await this.load();
    this.#of.live.status(this.#of.say("sorted", { sort: this.#of.say(sort) }));
    emit(this.#of, "sorted");
  }

  #arrived(own: Own): void {
    const of = this.#of;
    of.clock.set(own.edited ?? own.created);
    of.store.addNew(own);
    if (own.status === "published" && of.article) of.article = { ...of.article, comments: of.article.comments + 1 };
    this.#render();
    const card = this.#list.card(own.id);
    if (card) goTo(card.article);
    card?.light();
    of.live.status(of.say(own.status === "published" ? "posted" : own.status === "held" ? "postedHeld" : "postedRejected"));
    emit(of, "posted", { id: own.id, state: own.status });
  }

  #leave(id: string): void {
    const item = this.#list.card(id)?.item;
    if (!item?.contains(this.#of.root.activeElement)) return;
    const near = item.nextElementSibling ?? item.previousElementSibling;
    (near?.querySelector<HTMLElement>("article") ?? this.#frame.heading).focus();
  }

  #tellElsewhere(): void {
    const [own] = this.#of.store.elsewhere();
    if (own) this.#frame.notice(this.#of.say("elsewhere"), this.#of.say("showIt"), () => void this.#links.show(own.id));
  }

  #listen(): void {
    const { ended: signal, host } = this.#of;
    const refresh = (): void => {
      if (!document.hidden && this.#of.article) this.#list.tick();
    };
    const timer = setInterval(refresh, REFRESH);
    signal.addEventListener("abort", () => clearInterval(timer), { once: true });
    document.addEventListener("visibilitychange", refresh, { signal });
    host.addEventListener("focusin", () => setTone(this.#of), { signal });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTone(this.#of), { signal });
    addEventListener("online", () => this.#failed && void this.load(), { signal });
    addEventListener("hashchange", () => {
      const wanted = aimed(location.hash);
      if (wanted) void this.#links.show(wanted);
    }, { signal });
  }
}

