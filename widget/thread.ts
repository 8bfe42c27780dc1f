/** The chunk's entry: one conversation, mounted into the shadow root of its element. */

import { actsOn } from "./acts";
import type { Acts } from "./comment";
import { aimed, type Context, contextOf, emit, failureOf, later } from "./context";
import { adopt, fill, set } from "./dom";
import { Field } from "./field";
import { Frame } from "./frame";
import { List } from "./list";
import { loader } from "./loader";
import type { Mounted, Options, Sort } from "./options";
import type { Permalinks } from "./permalinks";
import type { Me, Own, Page } from "./shapes";
import css from "./thread.css";
import { setTone } from "./tone";

const REFRESH = 30_000;
const PATIENT = 500;

export function mount(host: HTMLElement, options: Options): Mounted {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const before = root.adoptedStyleSheets;
  adopt(root, css);
  let thread = new Thread(host, root, options);
  return {
    update(changed) {
      thread.end();
      thread = new Thread(host, root, changed);
    },
    unmount() {
      thread.end();
      root.adoptedStyleSheets = before;
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
  readonly #acts: Acts;
  readonly #seeker: () => Promise<typeof import("./permalinks")>;
  #links: Permalinks | null = null;
  #field: Field | null = null;
  /** Counts the loads, so that a slow earlier answer does not replace a later one. */
  #round = 0;
  #failed = false;

  constructor(host: HTMLElement, root: ShadowRoot, options: Options) {
    const of = (this.#of = contextOf(host, root, options, this.#end.signal));
    this.#frame = new Frame(
      of, (sort) => void this.#sort(sort), (pressed) => this.#acts.act("search", "", pressed));
    this.#acts = actsOn(of, {
      card: (id) => this.#list.card(id),
      field: (plan) => new Field(of, plan),
      render: () => this.#render(),
      arrived: (own) => this.#arrived(own),
      visit: (id) => this.#visit(id),
      offer: (cursor) => this.#offerNext(cursor),
    });
    this.#list = new List(of, this.#acts);
    this.#seeker = loader(options.service, PERMALINKS_CHUNK);
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
    this.#field?.keep();
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
    if (following) this.#seeker().catch(() => undefined);
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
    if (following && round === this.#round) await this.focusComment(following);
  }

  async focusComment(id: string): Promise<void> {
    const of = this.#of;
    if (!of.article) return;
    try {
      const { Permalinks } = await this.#seeker();
      const list = { card: (one: string) => this.#list.card(one), render: () => this.#render() };
      this.#links ??= new Permalinks(of, this.#frame, list);
    } catch {
      return this.#frame.notice(of.say("loadFailed"), of.say("retry"), () => void this.focusComment(id));
    }
    await this.#links.show(id);
  }

  /** Follow a link that stands in the thread itself. */
  #visit(id: string): void {
    const there = `#comment-${id}`;
    if (location.hash === there) void this.focusComment(id);
    else location.hash = there;
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
    if (this.#field?.form.isConnected) return;
    this.#field = new Field(this.#of, {
      kind: "comment",
      label: say("yourComment"),
      id: null,
      text: "",
      done: (own) => this.#arrived(own),
    });
    fill(this.#frame.write, this.#field.form);
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
    this.#frame.after(cursor === null ? null : (pressed) => this.#acts.act("comments", cursor, pressed));
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
  }

  #tellElsewhere(): void {
    const [own] = this.#of.store.elsewhere();
    if (own) this.#frame.notice(this.#of.say("elsewhere"), this.#of.say("showIt"), () => void this.focusComment(own.id));
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
      if (wanted) void this.focusComment(wanted);
    }, { signal });
  }
}

