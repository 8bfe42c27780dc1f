/** How a text will look, drawn from the tree that the service makes of it. */

import { type Context, failureOf, why } from "./context";
import { adopt, fill, h, set } from "./dom";
import type { Field } from "./field";
import css from "./preview.css";
import { grow } from "./tree";
import type { Say } from "./words";
import { preview } from "./writing";

const english = {
  preview: "Preview",
  loading: "Loading the preview …",
  shown: "The preview is shown.",
  back: "You can go on writing.",
  empty: "There is nothing to show yet.",
  failed: "The preview could not be loaded. {why}",
};

export class Preview {
  readonly #of: Context;
  readonly #field: Field;
  readonly #say: Say<keyof typeof english>;
  readonly #told: (shown: boolean) => void;
  readonly #panel: HTMLElement;
  /** Counts what is shown, so that a late answer does not come over what is written meanwhile. */
  #round = 0;

  constructor(of: Context, field: Field, told: (shown: boolean) => void) {
    adopt(of.root, css);
    this.#of = of;
    this.#field = field;
    this.#told = told;
    this.#say = of.speaker("preview", english);
    // What scrolls is reached by keyboard.
    this.#panel = h("div", {
      class: "body preview", part: "body", dir: "auto", role: "group", tabindex: 0, "aria-label": this.#say("preview"),
    });
    field.form.addEventListener("submit", () => this.#panel.isConnected && this.#close());
  }

  toggle(): void {
    if (!this.#panel.isConnected) return void this.#open();
    this.#close();
    this.#field.text.focus();
    this.#of.live.status(this.#say("back"));
  }

  #close(): void {
    this.#round += 1;
    this.#panel.remove();
    this.#field.text.hidden = false;
    this.#told(false);
  }

  async #open(): Promise<void> {
    const { text } = this.#field;
    const { live } = this.#of;
    const round = (this.#round += 1);
    this.#panel.style.minHeight = `${text.offsetHeight}px`;
    text.before(this.#panel);
    text.hidden = true;
    this.#field.show("");
    this.#told(true);
    if (!text.value.trim()) return this.#line("empty");
    this.#line("loading");
    set(this.#panel, "aria-busy", "true");
    try {
      const { tree } = await preview(this.#of, this.#field.plan, text.value);
      if (round !== this.#round) return;
      fill(this.#panel, ...grow(tree));
      live.status(this.#say("shown"));
    } catch (error) {
      if (round === this.#round && !this.#of.ended.aborted) this.#failed(error);
    } finally {
      set(this.#panel, "aria-busy", null);
    }
  }

  #line(key: "empty" | "loading"): void {
    fill(this.#panel, h("p", { class: "quietly" }, this.#say(key)));
    this.#of.live.status(this.#say(key));
  }

  #failed(error: unknown): void {
    const text = this.#say("failed", { why: why(this.#of, failureOf(error)) });
    this.#close();
    this.#field.show(text);
    this.#of.live.alert(text);
  }
}
