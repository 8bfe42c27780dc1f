// <comments-thread> and <comments-share>: elements whose inside is loaded when they come near.

import { bare } from "./bare";
import { chunk } from "./chunks";
import { announce } from "./events";
import { wordsOf } from "./languages";
import { language, type Mounted, option, options, type ShareOptions } from "./options";
import type { Words } from "./words";

export type Filled = Pick<Mounted, "update" | "unmount"> & Partial<Mounted>;
type Chunk = { mount(host: HTMLElement, options: ShareOptions): Filled };

const living = new Set<Lazy>();

const said = (told: ShareOptions): string => Object.values(told).join();

/** Take up what has changed in the page around the elements. */
export function refreshAll(): void {
  for (const element of living) element.refresh();
}

export abstract class Lazy extends HTMLElement {
  abstract readonly chunk: string;
  abstract readonly shape: string;
  protected mounted: Filled | null = null;
  #told = "";
  #near: IntersectionObserver | null = null;

  connectedCallback(): void {
    living.add(this);
    if (!this.shadowRoot) this.#prepare();
    this.attributeChangedCallback();
  }

  disconnectedCallback(): void {
    // An element that is only moved is connected again by then.
    queueMicrotask(() => this.isConnected || this.#end());
  }

  attributeChangedCallback(): void {
    queueMicrotask(() => this.refresh());
  }

  eager(): boolean {
    return option(this, "loading") === "eager";
  }

  /** Take up what has changed in the attributes, the tag or the page. */
  refresh(): void {
    if (!this.isConnected) return;
    if (this.mounted) this.#update();
    else if (this.eager()) void this.start();
    else if (!this.#near) {
      this.#near = new IntersectionObserver(
        (seen) => seen.some((one) => one.isIntersecting) && void this.start(), bare({ rootMargin: "800px" }),
      );
      this.#near.observe(this);
    }
  }

  protected async start(): Promise<void> {
    this.#near?.disconnect();
    const lang = language(this);
    const loading = wordsOf(lang);
    try {
      const { mount } = await chunk<Chunk>(this.chunk);
      const words = await loading;
      if (!this.isConnected || this.mounted) return;
      const wanted = { ...options(this), lang };
      this.#told = said(wanted);
      this.mounted = mount(this, { ...wanted, words });
      this.filled?.();
      // It may have been told something else in the meantime.
      this.refresh();
    } catch (error) {
      this.failed?.(await loading);
      announce(this, "error", { detail: { status: 0 } });
      // Not thrown: what a blocker or the network kept away is no error of the page.
      console.error(error);
    }
  }

  protected filled?(): void;

  protected failed?(words: Words | undefined): void;

  #update(): void {
    const wanted = options(this);
    const told = said(wanted);
    if (told === this.#told) return;
    this.#told = told;
    void wordsOf(wanted.lang).then((words) => told === this.#told && this.mounted?.update({ ...wanted, words }));
  }

  /** Until the chunk is there, the element shows its own content, in a box that does not jump. */
  #prepare(): void {
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`:host{${this.shape}}:host([hidden]){display:none}`);
    root.adoptedStyleSheets = [sheet];
    root.append(document.createElement("slot"));
  }

  #end(): void {
    living.delete(this);
    this.#near?.disconnect();
    this.#near = null;
    this.mounted?.unmount();
    this.mounted = null;
    this.shadowRoot?.replaceChildren(document.createElement("slot"));
  }
}
