/** The chunk's entry: one conversation, mounted into the shadow root of its element. */

import { actsOn } from "./acts";
import { followSession, writeInto } from "./asked";
import type { Acts } from "./comment";
import { aimed, type Context, contextOf, emit, failureOf, later } from "./context";
import { adopt, fill, set } from "./dom";
import { Field, type Plan } from "./field";
import { folding } from "./folding";
import { Following } from "./following";
import { Frame } from "./frame";
import { List } from "./list";
import { listsOf } from "./listed";
import { loader } from "./loader";
import { membershipOf } from "./membership";
import type { Mounted, Options } from "./options";
import type { Permalinks } from "./permalinks";
import type { Quoting } from "./quoting";
import type { Me, Own, Page, Site } from "./shapes";
import css from "./thread.css";
import { setTone } from "./tone";

const REFRESH = 30_000;
const PATIENT = 500;
const STAFF = /^#comments-staff-([\w-]{32})$/;
const DAY = 24 * 3600_000;
const SIGNS = { closed: "lock", archived: "box", "read-only": "pause" } as const;

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
    focusComment: (id) => thread.first.then(() => thread.focusComment(id)),
    openComposer: (text) => thread.first.then(() => thread.write(text)),
    // A guest says who it is in the form.
    login: () => thread.first.then(() => thread.write()),
    logout: () => thread.forget(),
    setToken: (jwt) => thread.member.signIn(jwt),
  };
}

class Thread {
  /** Ends when it has been loaded for the first time, or could not be. */
  readonly first: Promise<void>;
  readonly #of: Context;
  readonly #end = new AbortController();
  readonly #frame: Frame;
  readonly #list: List;
  readonly #acts: Acts;
  readonly #seeker: () => Promise<typeof import("./permalinks")>;
  readonly #binder: () => Promise<typeof import("./staff")>;
  readonly #lists: ReturnType<typeof listsOf>;
  readonly member: ReturnType<typeof membershipOf>;
  #links: Permalinks | null = null;
  #field: Field | null = null;
  #quoting: Quoting | null = null;
  /** Counts the loads, so that a slow earlier answer does not replace a later one. */
  #round = 0;
  #failed = false;

  constructor(host: HTMLElement, root: ShadowRoot, options: Options) {
    const of = (this.#of = contextOf(host, root, options, this.#end.signal));
    this.#frame = new Frame(
      of, (box) => void this.#lists.choose(box), (what, pressed) => void this.#acts.act(what, "", pressed));
    const stage = {
      card: (id: string) => this.#list.card(id),
      field: (plan: Plan) => new Field(of, plan),
      render: () => this.#render(),
      arrived: (own: Own) => this.#arrived(own),
      visit: (id: string) => this.#visit(id),
      offer: (cursor: string | null) => this.#offerNext(cursor),
      heading: () => this.#frame.heading,
      load: () => this.load(),
    };
    this.#acts = actsOn(of, stage);
    this.#list = new List(of, this.#acts, folding(of, stage));
    this.#lists = listsOf(of, this.#frame, () => this.load());
    this.#seeker = loader(options.service, PERMALINKS_CHUNK);
    this.#binder = loader(options.service, STAFF_CHUNK);
    this.member = membershipOf(of, this.#frame, () => this.load());
    set(host, "data-theme", options.theme !== "inherit" && (options.theme || null));
    setTone(of);
    // What the page's own server has put in stays in view until there is something better.
    this.#frame.section.hidden = host.querySelector(":scope > :not(script)") !== null;
    root.append(this.#frame.section);
    this.#listen();
    this.first = this.load();
    void this.first.then(() => {
      if (of.ended.aborted) return;
      emit(of, "ready");
      new Following(of, stage);
      this.member.begin();
    });
  }

  end(): void {
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
    // What a link points to stands among all.
    else if (!of.article) await this.#lists.recall();
    const secret = of.session.secret();
    // Without what is the reader's own, the conversation can still be read.
    const mine = secret ? of.api.me(secret).catch(() => null) : null;
    try {
      const [page, me] = await Promise.all([of.listing?.page(null) ?? of.api.thread(of.sort, null), mine]);
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
    await of.listing?.leave();
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
    of.site = page.site;
    of.store.addPage(page.comments);
    of.recommended.clear();
    of.reported.clear();
    if (me) {
      of.clock.set(me.now);
      for (const id of me.recommended) of.recommended.add(id);
      for (const id of me.reported) of.reported.add(id);
      for (const { comment, outcome } of me.reports) of.outcomes?.set(comment, outcome);
      of.store.addMine(me.comments, of.clock.now());
      if (me.name && !of.session.name()) of.session.rename(me.name);
      this.member.known(me);
    }
    this.member.signedIn = !!me?.signed_in;
    of.root.querySelector("slot")?.remove();
    // What the page's own server has put in would be stale, and its ids double, from here on.
    of.host.querySelector(":scope > .comments-static")?.remove();
    this.#frame.section.hidden = false;
    fill(this.#frame.notices);
    this.#showForm();
    this.#frame.clear();
    this.#render();
    this.#offerNext(page.next);
    this.#bind();
    emit(of, "loaded", { total: page.article.comments });
  }

  write(words = ""): void {
    if (this.#field) writeInto(this.#of, this.#field, words);
  }

  forget(): void {
    this.#field?.clear();
    this.member.end();
  }

  #notLoaded(error: unknown): void {
    this.#failed = true;
    const failure = failureOf(error);
    this.#frame.section.hidden = false;
    emit(this.#of, "error", { status: failure.status });
    this.#frame.failed(failure, () => void this.load().then(() => this.#failed || this.#frame.heading.focus()));
  }

  /** Where the conversation stands, and the form where one can write. */
  #showForm(): void {
    const { article, clock, say, site, times } = this.#of;
    if (!article || !site) return;
    const closes = article.closes_at ? Date.parse(article.closes_at) : Infinity;
    const state = closes <= clock.now() ? "archived" : article.state;
    this.#of.writable = state === "open" && (site.guests || this.member.signedIn);
    if (state !== "open") this.#frame.stands(SIGNS[state], say(state, { site: site.name }));
    else if (!this.#of.writable) this.#frame.stands("lock", say("members", { site: site.name }));
    else this.#frame.stands("clock", closes - clock.now() > DAY ? "" : say("closesSoon", { time: times.full(closes) }));
    if (this.#of.writable) return this.#openForm(site);
    this.#field?.keep();
    fill(this.#frame.write, state === "open" && this.member.way());
  }

  #openForm({ guidelines }: Site): void {
    if (this.#field?.form.isConnected) return;
    this.#field = new Field(this.#of, {
      kind: "comment",
      label: this.#of.say("yourComment"),
      id: null,
      text: "",
      done: (own) => this.#arrived(own),
    });
    // Whose name is known here has written before, and knows what is asked.
    const guide = guidelines && !this.#of.session.name() && this.#frame.guide(guidelines);
    fill(this.#frame.write, guide, this.#field.form);
  }

  #render(): void {
    const { article, store } = this.#of;
    this.#list.render(this.#frame.list);
    this.#frame.section.classList.toggle("alone", store.only !== null);
    this.#frame.list.hidden = store.top().length === 0;
    if (article && store.top().length === 0) this.#frame.empty(article.open);
    else if (article) this.#frame.clear();
    Object.assign(this.#of.host, { count: article?.comments });
    this.#frame.count();
  }

  #offerNext(cursor: string | null): void {
    this.#frame.after(cursor === null ? null : (pressed) => this.#acts.act("comments", cursor, pressed));
  }

  #arrived(own: Own): void {
    const of = this.#of;
    of.clock.set(own.edited ?? own.created);
    of.store.addNew(own);
    this.#frame.write.querySelector("details")?.remove();
    if (own.status === "published" && of.article) of.article = { ...of.article, comments: of.article.comments + 1 };
    this.#render();
  }

  /** Take the code of a link with which the desk lets this browser write as staff. */
  #bind(): void {
    const [, code] = STAFF.exec(location.hash) ?? [];
    if (code) this.#binder().then(({ bind }) => bind(this.#of, this.#frame, code), () => undefined);
  }

  #listen(): void {
    const { ended: signal, host } = this.#of;
    const refresh = (): void => {
      if (document.hidden || !this.#of.article) return;
      this.#showForm();
      this.#list.tick();
    };
    const timer = setInterval(refresh, REFRESH);
    signal.addEventListener("abort", () => clearInterval(timer));
    document.addEventListener("visibilitychange", refresh, { signal });
    host.addEventListener("focusin", () => setTone(this.#of), { signal });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTone(this.#of), { signal });
    const keys = loader<typeof import("./keys")>(this.#of.options.service, KEYS_CHUNK);
    const quoting = loader<typeof import("./quoting")>(this.#of.options.service, QUOTING_CHUNK);
    const [acts, list] = [this.#acts, this.#list];
    this.#frame.list.addEventListener("selectstart", () => {
      if (this.#of.writable && !this.#quoting) quoting().then((chunk) => (this.#quoting ??= new chunk.Quoting(this.#of, acts, list)), () => undefined);
    });
    this.#frame.list.addEventListener("focusin", () => keys().then((chunk) => chunk.listen(this.#of, list), () => undefined), { once: true, signal });
    followSession(this.#of, () => this.load());
    addEventListener("online", () => this.#failed && void this.load(), { signal });
    addEventListener("hashchange", () => {
      this.#bind();
      const wanted = aimed(location.hash);
      if (wanted) void this.focusComment(wanted);
    }, { signal });
  }
}

