// A list of cards: decide one and the next is there at once; the server's answer catches up.

import { type Decided, Refusal, page, send } from "./asking";
import { address, approveButton, complain, fold, isDone, reasons, unfold } from "./card";
import { localTimes, toast } from "./making";
import { type Done, UndoStack } from "./undoing";
import { named, say } from "./words";

const AHEAD = 10;

export class Queue {
  current: HTMLElement | null = null;
  private readonly undone = new UndoStack();
  private loading = false;

  constructor(private readonly list: HTMLElement) {
    list.addEventListener("submit", (event) => this.submitted(event));
    list.addEventListener("focusin", (event) => this.entered(event.target));
    list.addEventListener("click", (event) => this.entered(event.target));
    if (this.list.dataset.list !== "one") list.classList.add("one");
    const first = this.linked() ?? this.cards()[0];
    if (first) this.choose(first, first.id === location.hash.slice(1));
    else document.body.classList.add("all-done");
    void this.loadAhead();
  }

  step(by: 1 | -1): void {
    const cards = this.cards();
    const at = this.current ? cards.indexOf(this.current) : -1;
    const next = cards[at + by];
    if (next) this.choose(next);
    void this.loadAhead();
  }

  approve(): void {
    const card = this.current;
    if (!card) return;
    const has = !isDone(card) && approveButton(card);
    if (has) this.decide(card, "published", "");
    else toast(say("decided", { name: card.dataset.name ?? "" }));
  }

  /** Open the reasons, with the likely one under Enter; close them again when they are open. */
  reject(): void {
    const card = this.current;
    const strip = card && !isDone(card) ? reasons(card) : null;
    if (!card || !strip) return;
    strip.open = !strip.open;
    const usual = strip.querySelector<HTMLElement>(".usual");
    if (strip.open) usual?.focus();
    else card.focus();
  }

  /** Take the nth reason, when the reasons are open. */
  rejectFor(nth: number): boolean {
    const strip = this.current && reasons(this.current);
    const chosen = strip?.open ? strip.querySelectorAll<HTMLButtonElement>("fieldset button")[nth - 1] : null;
    chosen?.click();
    return Boolean(chosen);
  }

  closeReasons(): void {
    if (this.current && reasons(this.current)?.open) this.reject();
  }

  /** Press the button that features (f) or pins (p) the current card, or ends that; a reply has none, and is told why. */
  press(which: "f" | "p"): void {
    const card = this.current && !isDone(this.current) ? this.current : null;
    const made = card?.querySelector<HTMLButtonElement>(`[data-mark="${which}"]`);
    if (made) made.click();
    else if (card?.querySelector("[data-mark]")) void this.mark(card, "pin");
    else toast(say("onlyPublic"));
  }

  async undo(done: Done | undefined = this.undone.last()): Promise<void> {
    if (!done) return toast(say("nothingToUndo"));
    this.undone.forget(done);
    try {
      const version = await done.version;
      if (version === null) return;
      const now = await send(`${done.address}/undo`, { version: String(version), csrf_token: this.csrf });
      this.undone.seen(done.id, now.version);
      this.moved(done.status, now.status, done.reported ? 1 : 0);
      await this.bringBack(done, now);
    } catch (error) {
      const words = error instanceof Refusal ? error.message : String(error);
      toast(say("notUndone", { why: words }), [say("look"), () => location.assign(done.address)]);
    }
  }

  private submitted(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement;
    const card = form.closest<HTMLElement>(".card");
    if (!card || "plain" in form.dataset) return;
    event.preventDefault();
    const chosen = event.submitter as HTMLButtonElement | null;
    if (form.action.endsWith("/undo")) void this.undo(this.madeBefore(card));
    else if (chosen?.name === "act") void this.mark(card, chosen.value);
    else if (chosen?.name === "reason") this.decide(card, "rejected", chosen.value);
    else this.decide(card, chosen?.value ?? "", "");
  }

  private decide(card: HTMLElement, verdict: string, reason: string): void {
    const before = card.dataset.status ?? "";
    card.querySelector(":scope > .problem")?.remove();
    const fields = { verdict, reason, version: card.dataset.version ?? "", csrf_token: this.csrf };
    const answered = send(`${address(card)}/decide`, fields);
    const done: Done = {
      address: address(card), id: card.id, status: verdict,
      reported: before === "published" && Number(card.dataset.reports) > 0,
      version: answered.then((now) => (now.new ? now.version : null), () => null),
    };
    this.undone.add(done);
    fold(card, verdict, "", () => void this.undo(done));
    card.ariaBusy = "true";
    this.moved(before, verdict, done.reported ? -1 : 0);
    this.advance(card);
    answered.then(
      (now) => this.settled(card, done, now),
      (error: Refusal) => {
        this.undone.forget(done);
        this.moved(verdict, before, done.reported ? 1 : 0);
        void this.refused(card, verdict, reason, error);
      },
    );
  }

  private async mark(card: HTMLElement, act: string): Promise<void> {
    card.querySelector(":scope > .problem")?.remove();
    const status = card.dataset.status ?? "";
    try {
      const now = await send(`${address(card)}/mark`, { act, version: card.dataset.version ?? "", csrf_token: this.csrf });
      const version = Promise.resolve(now.version);
      if (now.new) this.undone.add({ address: address(card), id: card.id, status, reported: false, version });
      await this.refresh(card);
      toast(now.said || named(act), ...(now.new ? [[say("undo"), () => void this.undo()] as [string, () => void]] : []));
    } catch (error) {
      const fresh = error instanceof Refusal && error.status === 409 ? await this.refresh(card) : card;
      complain(fresh, error instanceof Refusal ? error.message : String(error));
    }
  }

  private settled(card: HTMLElement, done: Done, now: Decided): void {
    card.ariaBusy = null;
    card.dataset.version = String(now.version);
    card.dataset.status = now.status;
    void this.undone.keep();
    if (now.new) return;
    this.undone.forget(done);
    if (isDone(card)) fold(card, now.status, now.said, null);
  }

  private async refused(card: HTMLElement, verdict: string, reason: string, error: Refusal): Promise<void> {
    card.ariaBusy = null;
    unfold(card);
    const fresh = error.status === 409 ? await this.refresh(card) : card;
    const still = verdict === "published" ? "approveStill" : "rejectStill";
    const again: [string, () => void] = [
      say(error.status === 409 ? still : "again"), () => this.decide(fresh, verdict, reason),
    ];
    const leave: [string, () => void] = [say("leave"), () => this.leave(fresh)];
    complain(fresh, error.message, ...(error.status === 409 ? [again, leave] : [again]));
    if (fresh === this.current) fresh.scrollIntoView({ block: "nearest" });
    else toast(`${fresh.dataset.name}: ${error.message}`, [say("look"), () => this.choose(fresh)]);
  }

  private leave(card: HTMLElement): void {
    const status = card.dataset.status ?? "";
    if (status !== this.list.dataset.list) fold(card, status, "", null);
    this.advance(card);
  }

  private async bringBack(done: Done, now: Decided): Promise<void> {
    const card = document.getElementById(done.id);
    if (!card || !this.list.contains(card)) {
      toast(say("takenBack"), [say("look"), () => location.assign(done.address)]);
      return;
    }
    unfold(card);
    card.dataset.version = String(now.version);
    card.dataset.status = now.status;
    this.choose(card);
    this.choose(await this.refresh(card), document.activeElement === card);
  }

  /** The card as the server has it now: with its new text, history and buttons. */
  private async refresh(card: HTMLElement): Promise<HTMLElement> {
    const fetched = (await page(address(card)).catch(() => null))?.getElementById(card.id);
    if (!fetched) return card;
    const fresh = document.importNode(fetched, true);
    const wasCurrent = card === this.current;
    const hadFocus = card.contains(document.activeElement);
    localTimes(fresh);
    card.replaceWith(fresh);
    if (wasCurrent) this.choose(fresh, hadFocus);
    return fresh;
  }

  private madeBefore(card: HTMLElement): Done {
    return this.undone.of(card.id) ?? {
      address: address(card), id: card.id, status: card.dataset.status ?? "", reported: false,
      version: Promise.resolve(Number(card.dataset.version)),
    };
  }

  private advance(from: HTMLElement): void {
    const cards = this.cards();
    const at = cards.indexOf(from);
    const next = cards.slice(at + 1).find((card) => !isDone(card)) ?? cards.slice(0, at).reverse().find((card) => !isDone(card));
    if (next) this.choose(next);
    else if (from.contains(document.activeElement) || document.activeElement === document.body) from.focus();
    document.body.classList.toggle("all-done", !next);
    void this.loadAhead();
  }

  private choose(card: HTMLElement, focus = true): void {
    this.current?.classList.remove("current");
    this.current = card;
    card.classList.add("current");
    if (!focus) return;
    card.focus({ preventScroll: true });
    const { top, bottom } = card.getBoundingClientRect();
    const header = document.querySelector(".top")?.getBoundingClientRect().bottom ?? 0;
    if (top < header || bottom > innerHeight) card.scrollIntoView();
  }

  private entered(target: EventTarget | null): void {
    const card = target instanceof Element ? target.closest<HTMLElement>(".card") : null;
    if (card && card !== this.current) this.choose(card, false);
  }

  /** Keep ten cards ready behind the current one. */
  private async loadAhead(): Promise<void> {
    const next = this.list.dataset.next;
    const open = this.cards().filter((card) => !isDone(card)).length;
    if (!next) this.showEmpty(open === 0);
    if (!next || this.loading || this.remaining() > AHEAD) return;
    this.loading = true;
    try {
      this.append(await page(next));
    } catch (error) {
      toast(error instanceof Refusal ? error.message : String(error), [say("more"), () => void this.loadAhead()]);
      return;
    } finally {
      this.loading = false;
    }
    if (!this.current || isDone(this.current)) this.advance(this.current ?? this.list);
  }

  private append(fetched: Document): void {
    const list = fetched.querySelector<HTMLElement>(".cards");
    for (const card of list?.querySelectorAll(":scope > .card") ?? []) {
      if (!document.getElementById(card.id)) this.list.append(document.importNode(card, true));
    }
    localTimes(this.list);
    if (list?.dataset.next) this.list.dataset.next = list.dataset.next;
    else delete this.list.dataset.next;
    const pages = document.querySelector("[data-pages]");
    const further = fetched.querySelector("[data-pages]");
    if (further) pages?.replaceWith(document.importNode(further, true));
    else pages?.remove();
  }

  private showEmpty(empty: boolean): void {
    document.querySelector<HTMLElement>("[data-empty]")?.toggleAttribute("hidden", !empty);
  }

  private remaining(): number {
    const cards = this.cards();
    return cards.slice(this.current ? cards.indexOf(this.current) : 0).filter((card) => !isDone(card)).length;
  }

  private moved(from: string, to: string, reported: number): void {
    this.count(from, -1);
    this.count(to, 1);
    this.count("reported", reported);
  }

  private count(status: string, by: number): void {
    const badge = document.querySelector<HTMLElement>(`[data-count="${status}"]`);
    if (!badge || badge.textContent?.endsWith("+")) return;
    const number = Math.max(0, Number(badge.dataset.number) + by);
    badge.dataset.number = String(number);
    badge.textContent = number.toLocaleString(document.documentElement.lang);
    if (status === "held") for (const line of document.querySelectorAll(".waiting")) line.toggleAttribute("hidden", !number);
    badge.classList.toggle("some", number > 0 && (status === "held" || status === "reported"));
  }

  private linked(): HTMLElement | undefined {
    return this.cards().find((card) => `#${card.id}` === location.hash);
  }

  private cards(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>(":scope > .card")];
  }

  private get csrf(): string {
    return this.list.dataset.csrf ?? "";
  }
}
