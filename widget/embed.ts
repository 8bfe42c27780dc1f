// The loader: defines the elements, and loads what they need when they need it.

import { chunk } from "./chunks";
import { CommentsCount } from "./count";
import { Lazy, refreshAll } from "./lazy";
import { options, script } from "./options";
import type { Words } from "./words";

const english = { failed: "The comments could not be loaded.", open: "Open their own page" };

const TO_COMMENTS = /^#comments?(-|$)/;

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

  static {
    // What a page may ask for at any time: the thread is loaded for it.
    for (const name of ["reload", "focusComment", "openComposer", "login", "logout", "setToken"] as const)
      CommentsThread.prototype[name] = async function (this: CommentsThread, what?: string) {
        void this.start();
        await this.ready;
        await this.mounted?.[name]?.(what ?? "");
      };
  }

  protected override filled(): void {
    this.#became();
    // The browser looked for the place before it was there.
    if (location.hash === "#comments" && !document.documentElement.querySelector("#comments")) this.scrollIntoView();
  }

  protected override failed(words?: Words): void {
    const { failed, open } = (words?.embed ?? english) as typeof english;
    const { service, site, key } = options(this);
    const link = document.createElement("a");
    link.href = `${service}/s/${encodeURIComponent(site)}/t/${encodeURIComponent(key)}`;
    link.textContent = open;
    // What the element holds itself is shown in place of this.
    this.shadowRoot?.querySelector("slot")?.replaceChildren(failed, " ", link);
  }
}

class CommentsShare extends Lazy {
  static observedAttributes = ["site", "thread", "url", "article-token", "lang", "headline", "networks", "loading"];
  readonly chunk = SHARE_CHUNK;
  readonly shape = "display:inline-flex;vertical-align:middle;max-width:100%;min-height:2.25rem}@media(pointer:coarse){:host{min-height:2.75rem}";
}

interface CommentsThread {
  /** How many comments there are; set with the thread. */
  readonly count?: number;
  /** Load the conversation anew. */
  reload(): Promise<void>;
  /** Show one comment, wherever it stands. */
  focusComment(id: string): Promise<void>;
  /** Put the cursor into the form, with some words. */
  openComposer(text?: string): Promise<void>;
  /** Let the reader say who they are. */
  login(): Promise<void>;
  /** Forget in this browser who they are. */
  logout(): Promise<void>;
  /** Sign the reader in of whom the paper's server has signed who they are. */
  setToken(jwt: string): Promise<void>;
}

// What a page has made of one of the names itself, or another loader of all of them, stays.
const define = (name: string, element: CustomElementConstructor): unknown =>
  customElements.get(name) ?? customElements.define(name, element);
define("comments-thread", CommentsThread);
define("comments-share", CommentsShare);
define("comments-count", CommentsCount);

if (script?.dataset.auto != null) {
  chunk<typeof import("./auto")>(AUTO_CHUNK).then(({ place }) => place(script as HTMLScriptElement)).catch(console.error);
}
// A page that draws its next article itself keeps the elements, and changes its address or its canonical link.
addEventListener("hashchange", refreshAll);
addEventListener("popstate", refreshAll);
new MutationObserver(refreshAll).observe(document.head, { subtree: true, attributeFilter: ["href"], childList: true });
