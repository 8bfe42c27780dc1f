/** A dialog of sections over the page: what is done there is said in it, and what fails, where it was pressed. */

import type { Failure, Kind } from "./api";
import type { Context } from "./context";
import { adopt, button, fill, h, set } from "./dom";
import css from "./sheet.css";
import type { Say } from "./words";

const SAID = ["offline", "network", "timeout", "limited"] as const satisfies readonly Kind[];

/** The texts that each of them has. */
export type Common = "title" | "close";

export abstract class Sheet<Key extends string> {
  protected readonly of: Context;
  protected readonly say: Say<Key | Common>;
  protected readonly told = h("p", { class: "told", role: "status" });
  protected readonly body = h("div");
  protected readonly dialog: HTMLDialogElement;
  readonly #name: string;
  readonly #error = h("p", { class: "error", role: "alert" });

  /** `left` is called when it is closed. */
  constructor(of: Context, name: string, say: Say<Key | Common>, left: () => void) {
    this.of = of;
    this.say = say;
    this.#name = name;
    const close = button(say("close"), { class: "quiet", part: "button", autofocus: true }, () => this.dialog.close());
    const heading = h("h2", { id: `${name}-title`, tabindex: -1 }, say("title"));
    this.dialog = h(
      "dialog", { "aria-labelledby": heading.id, part: "dialog", lang: of.lang, dir: of.dir, class: `sheet ${name}` },
      h("div", { class: "row" }, heading, close), this.told, this.body,
    );
    this.dialog.addEventListener("close", () => {
      this.dialog.remove();
      left();
    });
  }

  /** Open it; what stands in it comes by `work`. */
  protected open(work: Promise<unknown>, ...styles: string[]): void {
    adopt(this.of.root, css, ...styles);
    this.of.root.append(this.dialog);
    this.dialog.showModal();
    work.catch((error: unknown) => {
      fill(this.body, this.#error);
      this.#fail(error);
    });
  }

  protected section(key: Key): HTMLElement {
    const id = `${this.#name}-${key}`;
    return h("section", { "aria-labelledby": id }, h("h3", { id, tabindex: -1 }, this.say(key)));
  }

  protected button(key: Key, work: () => Promise<unknown>, more = {}): HTMLButtonElement {
    const made = button(this.say(key), { class: "quiet", part: "button", ...more }, () => this.act(made, work));
    return made;
  }

  protected act(pressed: HTMLElement, work: () => Promise<unknown>): void {
    this.#error.remove();
    this.told.textContent = "";
    set(pressed, "aria-disabled", "true");
    work().catch((error: unknown) => {
      pressed.after(this.#error);
      this.#fail(error);
    }).finally(() => set(pressed, "aria-disabled", null));
  }

  protected when(at: string): string {
    return this.of.times.short(Date.parse(at), this.of.clock.now());
  }

  protected ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { api, session } = this.of;
    return api.ask<T>(method, path, { secret: session.secret() ?? "", body });
  }

  #fail(error: unknown): void {
    const { kind, detail } = Object(error) as Failure;
    const reason = SAID.find((one) => one === kind);
    if (!kind) console.error(error);
    this.#error.textContent = this.of.say("notDone", { why: detail || this.of.say(reason ?? "server") });
  }
}
