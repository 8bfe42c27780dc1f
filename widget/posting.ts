/** Sends what a form holds. The text stays in its field until the service has it, whatever happens on the way. */

import { failing, type Failure } from "./api";
import { allowed } from "./asking";
import { type Context, emit, failureOf, later, why } from "./context";
import { fill, goTo, h, set } from "./dom";
import type { Field } from "./field";
import { light } from "./lit";
import { loader } from "./loader";
import { Sender } from "./sending";
import { type FormToken, isOwn, type Own, type Previewed } from "./shapes";
import type { Say } from "./words";
import { preview, secretOf, write } from "./writing";

/** A hint is worth this long a wait, and no longer. */
const HINTS_WITHIN = 3000;
const MINUTES_FROM = 120;
/** So long before the time to edit is over, the reader is told. */
const HURRY = 30_000;
/** After these the text may be sent again by itself. */
const UNREACHED: ReadonlySet<string> = new Set(["offline", "network", "timeout"]);

const english = {
  posting: "Posting …",
  saving: "Saving …",
  retry: "Try again",
  anyway: "Post anyway",
  saveAnyway: "Save anyway",
  hints: "Before others read this",
  writeFirst: "Write something first.",
  nameFirst: "Please give a name for others to see.",
  kept: "Your text is kept.",
  once: "Your text is kept. Try again; it will not be posted twice.",
  resend: "Your text is kept, and will be posted when you are back online.",
  inSeconds: { one: "Try again in {n} second", other: "Try again in {n} seconds" },
  inMinutes: { one: "Try again in {n} minute", other: "Try again in {n} minutes" },
  again: "You can try again now.",
  hurry: "You can save your changes for half a minute more.",
  published: "Your comment is posted.",
  held: "Thank you. A moderator will read your comment; until then only you can see it.",
  rejected: "Your comment was not published. Only you can see it.",
};

/** The parts of a form that sending has to do with. A later composer may hand a later one more. */
export interface Form {
  readonly field: Field;
  readonly name: HTMLInputElement | null;
  readonly website: HTMLInputElement;
  readonly hint: HTMLElement;
  readonly send: HTMLButtonElement;
  /** What the button says when nothing is the matter. */
  readonly label: string;
}

export class Posting {
  readonly #of: Context;
  readonly #form: Form;
  readonly #say: Say<keyof typeof english>;
  readonly #sender: Sender;
  readonly #bell: () => Promise<typeof import("./bell")>;
  #waiting = 0;
  #begun = false;
  #editToken = "";
  /** The text whose hints the reader has seen, the one that goes when the network is back, and the one that went so. */
  #advised = "";
  #unsent = "";
  #resent = "";
  /** Whether it was sent by itself: the reader may be elsewhere, and stays there. */
  #alone = false;
  /** What proves that an edit was begun in time. */

  constructor(of: Context, form: Form) {
    this.#of = of;
    this.#form = form;
    this.#say = of.speaker("posting", english);
    this.#bell = loader(of.options.service, BELL_CHUNK);
    this.#sender = new Sender({
      formToken: () => of.api.get<FormToken>(`/form-token?key=${encodeURIComponent(of.options.key)}`),
      post: (draft, form_token, attempt) => {
        const { key, url, articleToken: article_token } = of.options;
        const body = { key, url, ...draft, form_token, article_token };
        return of.api.ask<{ comment: Own }>("POST", "/comments", {
          body, secret: secretOf(of.session), headers: { "idempotency-key": attempt },
        });
      },
    });
    form.field.text.addEventListener("input", () => this.#changed());
    addEventListener("online", () => this.#resend(), { signal: of.ended });
  }

  /** Called at each focus: it asks for what will be needed, early enough. */
  prepare(): void {
    const { kind, id } = this.#form.field.plan;
    if (kind !== "edit") return this.#sender.prepare();
    if (!this.#begun) this.#begin(id ?? "");
    this.#begun = true;
  }

  /** An edit that is known to have begun in time is taken a little later too. */
  #begin(id: string): void {
    const { store, clock } = this.#of;
    const own = store.get(id);
    const left = own && isOwn(own) ? Date.parse(own.editable_until) - clock.now() - HURRY : 0;
    if (left > 0) later(this.#of, left, () => this.#hurry());
    write<{ edit_token: string }>(this.#of, "POST", id, "/editing").then(
      ({ edit_token }) => (this.#editToken = edit_token),
      // Without it, the time is as long as it is told.
      () => undefined,
    );
  }

  #hurry(): void {
    const { field } = this.#form;
    if (!field.form.isConnected) return;
    field.show(this.#say("hurry"));
    this.#of.live.status(this.#say("hurry"));
  }

  async submit(alone = false): Promise<void> {
    const { field, send, name: named } = this.#form;
    if (send.getAttribute("aria-disabled") === "true") return;
    this.#alone = alone;
    const body = field.text.value;
    const name = named?.value.trim() ?? "";
    if (!body.trim()) return this.#tell(this.#say("writeFirst"), field.text);
    if (named && !name) return this.#tell(this.#say("nameFirst"), named);
    this.#tell("");
    this.#busy(true);
    try {
      if (await this.#advise(body)) return;
      if (named && !(await allowed(this.#of, field.plan.id))) return this.#busy(false);
      const own = await this.#sent(body, name);
      if (named) this.#of.session.rename(name);
      this.#done(own);
    } catch (error) {
      if (!this.#of.ended.aborted) this.#failed(failureOf(error), body);
    }
  }

  /** Show what the service would say before this text is posted, once; whether there is anything. */
  async #advise(body: string): Promise<boolean> {
    if (this.#advised === body) return false;
    this.#advised = body;
    const { hint, send, field } = this.#form;
    const hints = await this.#hints(body);
    if (hints.length === 0) return false;
    this.#busy(false);
    const points = hints.map(({ text }) => h("li", {}, text));
    fill(hint, h("strong", {}, this.#say("hints")), h("ul", {}, ...points));
    set(send, "aria-describedby", hint.id);
    send.textContent = this.#say(field.plan.kind === "edit" ? "saveAnyway" : "anyway");
    this.#of.live.alert(hints.map(({ text }) => text).join(" "));
    return true;
  }

  /** A hint that does not come in time, or not at all, keeps nobody from posting. */
  #hints(text: string): Promise<Previewed["hints"]> {
    const asked = preview(this.#of, this.#form.field.plan, text);
    const late = new Promise<[]>((resolve) => setTimeout(resolve, HINTS_WITHIN, []));
    return Promise.race([asked.then(({ hints }) => (Array.isArray(hints) ? hints : [])), late]).catch(() => []);
  }

  async #sent(body: string, name: string): Promise<Own> {
    const { kind, id } = this.#form.field.plan;
    if (kind !== "edit") return this.#sender.post({ name, body, parent: id, website: this.#form.website.value });
    const sent = { body, edit_token: this.#editToken };
    const comment = (await write<{ comment?: Own } | null>(this.#of, "PATCH", id ?? "", "", sent))?.comment;
    if (!comment?.id) throw failing("server");
    return comment;
  }

  #done(own: Own): void {
    const { field } = this.#form;
    const here = !this.#alone || field.form.matches(":focus-within");
    this.#busy(false);
    field.clear();
    field.form.classList.remove("open");
    field.plan.done(own);
    if (field.plan.kind === "edit" || own.status === "withdrawn") return;
    const { id, status } = own;
    const article = this.#of.root.querySelector<HTMLElement>(`[aria-labelledby="by-${id}"]`);
    if (article && here) goTo(article);
    if (article) light(this.#of, article);
    // Who has written for the first time is known from now on.
    this.#bell().then(({ ring }) => ring(this.#of), () => undefined);
    this.#of.live.status(this.#say(status));
    emit(this.#of, "posted", { id, state: status });
  }

  #failed(failure: Failure, body: string): void {
    const { field, send, name } = this.#form;
    const { kind, detail, status } = failure;
    field.keep();
    this.#busy(false);
    send.textContent = this.#say("retry");
    this.#unsent = UNREACHED.has(kind) && body !== this.#resent ? body : "";
    const then = detail ? "kept" : kind === "offline" && this.#unsent ? "resend" : "once";
    const text = why(this.#of, failure);
    this.#tell(failure.field && status !== 401 ? text : `${text} ${this.#say(then)}`, failure.field === "name" && name ? name : field.text);
    emit(this.#of, "post-failed", { code: status });
    if (kind === "limited") this.#wait(failure.wait);
  }

  /** Count down on the button until the service takes another text; only the eye follows each second. */
  #wait(seconds: number): void {
    const { send, field } = this.#form;
    const round = (this.#waiting += 1);
    set(send, "aria-disabled", "true");
    const tick = (left: number): void => {
      if (round !== this.#waiting) return;
      const n = left >= MINUTES_FROM ? Math.ceil(left / 60) : left;
      send.textContent = this.#say(left === 0 ? "retry" : left >= MINUTES_FROM ? "inMinutes" : "inSeconds", { n });
      if (left > 0) return later(this.#of, 1000, () => tick(left - 1));
      set(send, "aria-disabled", null);
      field.show(this.#say("again"));
      this.#of.live.status(this.#say("again"));
    };
    tick(seconds);
  }

  /** Send once more what could not be sent, if it still stands there as it was. */
  #resend(): void {
    const { form, text } = this.#form.field;
    const body = this.#unsent;
    if (!body || body !== text.value || !form.isConnected) return;
    this.#unsent = "";
    this.#resent = body;
    void this.submit(true);
  }

  /** What was said of a text does not hold for another. */
  #changed(): void {
    const { field, hint, send, label } = this.#form;
    if (!hint.firstChild || field.text.value === this.#advised) return;
    fill(hint);
    set(send, "aria-describedby", null);
    send.textContent = label;
  }

  #busy(busy: boolean): void {
    const { field, send, hint, label } = this.#form;
    set(send, "aria-disabled", busy ? "true" : null);
    set(field.form, "aria-busy", busy ? "true" : null);
    field.text.readOnly = busy;
    send.textContent = busy ? this.#say(field.plan.kind === "edit" ? "saving" : "posting") : label;
    if (!busy) return;
    fill(hint);
    set(send, "aria-describedby", null);
  }

  /** Say what is wrong, at the field it is wrong in. */
  #tell(text: string, at?: HTMLElement): void {
    const { field, name } = this.#form;
    this.#waiting += 1;
    field.show(text);
    for (const one of [field.text, name]) if (one) set(one, "aria-invalid", one === at ? "true" : null);
    this.#of.live.alert(text);
    if (!this.#alone) at?.focus();
  }
}
