// The loader: defines the elements, and loads what they need when they need it.

import { chunk } from "./chunks";
import { CommentsCount, whenRead } from "./count";
import { Lazy, refreshAll } from "./lazy";
import { script } from "./options";

const TO_COMMENTS = /^#comment(s$|-)/;

class CommentsThread extends Lazy {
  static observedAttributes = [
    "site", "thread", "url", "article-token", "sort", "heading-level", "lang", "theme", "loading",
  ];
  readonly chunk = THREAD_CHUNK;
  readonly shape = "display:block;min-height:240px";
  #became = (): void => {};
  /** Resolves when the thread's script runs in this element. */
  readonly ready = new Promise<void>((resolve) => (this.#became = resolve));

  override eager(): boolean {
    return super.eager() || TO_COMMENTS.test(location.hash);
  }

  /** Load the conversation anew. */
  reload(): Promise<void> | undefined {
    return this.mounted?.reload?.();
  }

  /** Show one comment, wherever it stands. */
  async focusComment(id: string): Promise<void> {
    void this.start();
    await this.ready;
    await this.mounted?.focusComment?.(id);
  }

  protected override filled(): void {
    this.#became();
    // The browser looked for the place before it was there.
    if (location.hash === "#comments" && !document.querySelector("#comments")) this.scrollIntoView();
  }

  protected override failed(): void {
    const slot = this.shadowRoot?.querySelector("slot");
    if (slot) slot.textContent = "The comments could not be loaded. Reload the page to try again.";
  }
}

class CommentsShare extends Lazy {
  static observedAttributes = ["site", "thread", "url", "article-token", "lang", "headline", "networks", "loading"];
  readonly chunk = SHARE_CHUNK;
  readonly shape = "display:inline-flex;vertical-align:middle;max-width:100%;min-height:2.25rem}@media(pointer:coarse){:host{min-height:2.75rem}";
}

if (!customElements.get("comments-thread")) {
  customElements.define("comments-thread", CommentsThread);
  customElements.define("comments-share", CommentsShare);
  customElements.define("comments-count", CommentsCount);
  const tag = script;
  if (tag?.dataset.auto !== undefined) {
    const auto = chunk<typeof import("./auto")>(AUTO_CHUNK);
    whenRead(() => void auto.then(({ place }) => place(tag), reportError));
  }
  // A page that draws its next article itself keeps the elements, and changes its address or its canonical link.
  addEventListener("hashchange", refreshAll);
  addEventListener("popstate", refreshAll);
  new MutationObserver(refreshAll).observe(document.head, { subtree: true, attributeFilter: ["href"], childList: true });
}
