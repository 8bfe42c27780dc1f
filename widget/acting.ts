/** What a reader can do; loaded when one is about to. Shown at once, taken back with a sentence when it fails. */

import css from "./acting.css";
import type { Doing, Stage } from "./acts";
import { type Context, emit, failed, failureOf, later, why } from "./context";
import { copyLink } from "./copying";
import { adopt, button, goTo, h, set } from "./dom";
import { loader } from "./loader";
import type { Notice } from "./report";
import type { Search } from "./search";
import { type Batch, isOwn, type Own } from "./shapes";
import { setTone } from "./tone";
import type { Say } from "./words";
import { write } from "./writing";

const UNDO = 10_000;

const english = {
  youWithdrew: "You withdrew this comment.",
  undo: "Undo",
  restored: "Your comment is back.",
  saved: "Your changes are saved.",
  linkCopied: "Link copied",
  linkShown: "Copy this link:",
  reportThanks: "Thank you. A moderator will look at it.",
  reportWaits: "You reported this. A moderator will look at it.",
  reportKept: "You reported this. A moderator looked at it and kept it.",
  yourReply: "Your reply to {name}",
  yourEdit: "Edit your comment",
  loaded: { one: "{n} more comment is here.", other: "{n} more comments are here." },
};

/** A page that was opened before an upgrade calls these of the chunk of after it: they only grow. */
export class Acting implements Record<Doing, (id: string, pressed: HTMLElement) => unknown> {
  readonly #of: Context;
  readonly #stage: Stage;
  readonly #say: Say<keyof typeof english>;
  readonly #replies = new Map<string, ReturnType<Stage["field"]>>();
  readonly #withdrawals = new Map<string, { before: Own; answer: Promise<unknown> }>();
  readonly #busy = new Set<string>();
  readonly #report: () => Promise<typeof import("./report")>;
  readonly #searching: () => Promise<typeof import("./search")>;
  #search: Search | undefined;

  constructor(of: Context, stage: Stage) {
    adopt(of.root, css);
    this.#of = of;
    this.#stage = stage;
    this.#say = of.speaker("acting", english);
    this.#report = loader(of.options.service, REPORT_CHUNK);
    this.#searching = loader(of.options.service, SEARCH_CHUNK);
  }

  reply(id: string): void {
    const card = this.#stage.card(id);
    const comment = this.#of.store.get(id);
    if (!card || !comment) return;
    const open = this.#replies.get(id);
    if (open?.form.isConnected) return open.begin();
    const close = (): void => {
      // A text that is sent when the network is back leaves the reader where they are by then.
      const here = made.form.matches(":focus-within");
      made.form.remove();
      if (here) card.article.focus();
    };
    const done = (own: Own): void => {
      close();
      this.#stage.arrived(own);
    };
    const label = this.#say("yourReply", { name: comment.name });
    const made = this.#stage.field({ kind: "reply", label, id, text: "", done, close });
    this.#replies.set(id, made);
    card.replyPlace.replaceChildren(made.form);
    made.begin();
  }

  edit(id: string): void {
    const card = this.#stage.card(id);
    const { store, live, say } = this.#of;
    const own = store.get(id);
    if (!card || !own || !isOwn(own)) return;
    const parts = card.article.querySelectorAll<HTMLElement>(".body, .state, .actions");
    const show = (editing: boolean): void => parts.forEach((part) => (part.hidden = editing));
    const close = (): void => {
      show(false);
      card.editPlace.replaceChildren();
      this.#focus(id, "edit");
    };
    const done = (changed: Own): void => {
      store.put(changed);
      this.#stage.render();
      close();
      live.status(changed.status === "held" ? say("pending") : this.#say("saved"));
      emit(this.#of, "edited", { id });
    };
    const made = this.#stage.field({ kind: "edit", label: this.#say("yourEdit"), id, text: own.source, done, close });
    show(true);
    card.editPlace.replaceChildren(made.form);
    made.begin();
  }

  withdraw(id: string): void {
    const { store, live } = this.#of;
    const before = store.get(id);
    if (!before || !isOwn(before)) return;
    const withdrawal = { before, answer: write(this.#of, "DELETE", id) };
    this.#withdrawals.set(id, withdrawal);
    store.linger(id, true);
    store.put({ ...before, status: "withdrawn", tree: null, name: "", edited: null });
    this.#stage.render();
    this.#focus(id, "undo");
    live.status(this.#say("youWithdrew"));
    withdrawal.answer.then(
      () => emit(this.#of, "deleted", { id }),
      (error: unknown) => {
        this.#back(id, before);
        this.#focus(id, "withdraw");
        this.#failed(id, error);
      },
    );
    later(this.#of, UNDO, () => this.#withdrawals.get(id) === withdrawal && this.#settle(id));
  }

  async undo(id: string): Promise<void> {
    const withdrawal = this.#withdrawals.get(id);
    // Pressed twice, it is undone once.
    if (!withdrawal || this.#busy.has(id)) return;
    this.#busy.add(id);
    try {
      await withdrawal.answer;
      const { comment } = await write<{ comment: Own }>(this.#of, "POST", id, "/restore");
      this.#back(id, comment);
      this.#stage.card(id)?.article.focus();
      this.#of.live.status(this.#say("restored"));
    } catch (error) {
      this.#failed(id, error);
    }
    this.#busy.delete(id);
  }

  undoing(id: string): HTMLElement {
    const look = { class: "inline", part: "button", "data-act": "undo" };
    const made = button(this.#say("undo"), look, () => void this.undo(id));
    return h("p", {}, h("span", {}, this.#say("youWithdrew"), " ", made));
  }

  #back(id: string, comment: Own): void {
    this.#withdrawals.delete(id);
    this.#of.store.linger(id, false);
    this.#of.store.put(comment);
    this.#stage.render();
  }

  /** After the time to undo: the place stays only while replies hang on it. */
  #settle(id: string): void {
    this.#withdrawals.delete(id);
    this.#of.store.linger(id, false);
    if (!this.#of.store.isShown(id)) this.#leave(id);
    this.#stage.render();
  }

  recommend(id: string): void {
    const { store, recommended } = this.#of;
    const comment = store.get(id);
    if (!comment || this.#busy.has(id)) return;
    const on = !recommended.has(id);
    const show = (recommends: number, mine: boolean): void => {
      const now = store.get(id);
      if (now) store.put({ ...now, recommends });
      if (mine) recommended.add(id);
      else recommended.delete(id);
      this.#stage.render();
    };
    this.#busy.add(id);
    show(Math.max(0, comment.recommends + (on ? 1 : -1)), on);
    write<{ recommends: number }>(this.#of, on ? "PUT" : "DELETE", id, "/recommendation")
      .then(
        ({ recommends }) => {
          show(recommends, on);
          emit(this.#of, "voted", { id, on, recommends });
        },
        (error: unknown) => {
          show(comment.recommends, !on);
          this.#failed(id, error);
        },
      )
      .finally(() => this.#busy.delete(id));
  }

  flag(id: string, opener: HTMLElement): void {
    const of = this.#of;
    const outcome = of.outcomes?.get(id) ?? "waiting";
    if (of.reported.has(id)) return this.#tell(id, this.#say(outcome === "kept" ? "reportKept" : "reportWaits"));
    const send = async (reason: string, note: string, notice?: Notice): Promise<void> => {
      await write(of, "POST", id, "/reports", { reason, note, ...notice });
      of.reported.add(id);
      emit(of, "reported", { id });
      this.#button(id, "flag")?.lastChild?.replaceWith(of.say("reported"));
      this.#tell(id, this.#say("reportThanks"));
    };
    setTone(of);
    this.#report().then(
      ({ openReport }) =>
        openReport({ ...of, opener, send, why: (error) => why(of, failureOf(error)) }),
      () => this.#failed(id, null),
    );
  }

  #tell(id: string, words: string): void {
    this.#stage.card(id)?.tell(words);
    this.#of.live.status(words);
  }

  link(id: string): Promise<void> {
    const words = { copied: this.#say("linkCopied"), shown: this.#say("linkShown") };
    return copyLink(this.#of, id, this.#stage.card(id), words);
  }

  async search(_: string, pressed: HTMLElement): Promise<void> {
    if (this.#search) return this.#search.open(pressed);
    const chunk = await this.#searching().catch(() => null);
    if (chunk) this.#search ??= new chunk.Search(this.#of, pressed, (id) => this.#stage.visit(id));
    else failed(this.#of, undefined, null, pressed);
  }

  /** Further comments, from this cursor on. */
  comments(cursor: string, pressed: HTMLElement): Promise<void> {
    const { api, listing, store, sort } = this.#of;
    return this.#more(pressed, async () => {
      const page = await (listing?.page(cursor) ?? api.thread(sort, cursor));
      const fresh = store.addPage(page.comments);
      this.#stage.render();
      this.#stage.offer(page.next);
      return fresh;
    });
  }

  /** Further replies under this comment. */
  replies(id: string, pressed: HTMLElement): Promise<void> {
    const { api, store } = this.#of;
    return this.#more(pressed, async () => {
      const after = store.missing(id)?.after;
      const query = after ? `?after=${encodeURIComponent(after)}` : "";
      const batch = await api.get<Batch>(`/comments/${encodeURIComponent(id)}/replies${query}`);
      const fresh = store.addReplies(id, batch.comments, batch.next);
      this.#stage.render();
      return fresh;
    });
  }

  async #more(pressed: HTMLElement, load: () => Promise<string[]>): Promise<void> {
    const of = this.#of;
    set(pressed, "aria-disabled", "true");
    try {
      const fresh = await load();
      of.live.status(this.#say("loaded", { n: fresh.length }));
      this.#goToFirst(fresh);
    } catch (error) {
      if (of.ended.aborted) return;
      const text = of.say("loadFailed");
      const note = h("p", { class: "error" }, text);
      pressed.after(note);
      later(of, UNDO, () => note.remove());
      of.live.alert(text);
      emit(of, "error", { status: failureOf(error).status });
    } finally {
      set(pressed, "aria-disabled", null);
    }
  }

  /** Focus what comes first on the page of what has come. */
  #goToFirst(fresh: readonly string[]): void {
    const cards = fresh.flatMap((id) => this.#stage.card(id)?.article ?? []).filter((card) => card.isConnected);
    const first = cards.reduce<HTMLElement | null>(
      (a, b) => (a && a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? a : b), null);
    if (first) goTo(first);
  }

  /** Put the focus somewhere near when what held it is gone. */
  #leave(id: string): void {
    const { root } = this.#of;
    const item = this.#stage.card(id)?.item;
    if (!item?.contains(root.activeElement)) return;
    const near = (item.nextElementSibling ?? item.previousElementSibling)?.querySelector<HTMLElement>("article");
    (near ?? root.getElementById("heading"))?.focus();
  }

  #button(id: string, act: Doing): HTMLElement | null | undefined {
    return this.#stage.card(id)?.article.querySelector<HTMLElement>(`[data-act="${act}"]`);
  }

  #focus(id: string, act: Doing): void {
    (this.#button(id, act) ?? this.#stage.card(id)?.article)?.focus();
  }

  #failed(id: string, error: unknown): void {
    failed(this.#of, this.#stage.card(id), error);
  }
}
