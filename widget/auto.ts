// data-auto: one tag in a news template puts the thread and the share row where a reader looks for them.

// A form named like a method of the document stands in for it, but for no element's.
const page = document.documentElement;
const SHARE_LABEL = /^share( this)?( article| story)?\s*:?$/i;

/** Place what the script tag asks for and the page does not have, when the page has been read. */
export async function place(script: HTMLScriptElement): Promise<void> {
  if (document.readyState === "loading") await new Promise((read) => document.addEventListener("DOMContentLoaded", read));
  const wanted = script.dataset.auto;
  const article = articleOfPage();
  if (wanted !== "share") placeThread(article, script);
  if (wanted !== "thread") placeShare(article);
}

/** The article that the page is about: on a front page, where there are many, none. */
function articleOfPage(): Element | null {
  const type = page.querySelector('meta[property="og:type"]')?.getAttribute("content");
  if (type && type !== "article") return null;
  const [first, second] = page.querySelectorAll("article");
  return (
    page.querySelector("[data-comments-article]") ??
    page.querySelector("article h1")?.closest("article") ??
    (second ? null : (first ?? null))
  );
}

function placeThread(article: Element | null, script: HTMLScriptElement): void {
  if (page.querySelector("comments-thread")) return;
  const thread = document.createElement("comments-thread");
  if (!page.querySelector("#comments")) thread.id = "comments";
  const place = page.querySelector("[data-comments]");
  const inBody = document.body.contains(script);
  // A tag in the head or at the very end of the body was put there for its own sake, not to mark a place.
  if (place) place.append(thread);
  else if (inBody && (script.parentNode !== document.body || !article)) script.after(thread);
  else article?.append(thread);
  if (thread.id && location.hash === "#comments") thread.scrollIntoView();
}

function placeShare(article: Element | null): void {
  if (page.querySelector("comments-share")) return;
  const share = document.createElement("comments-share");
  const place = page.querySelector("[data-share]");
  if (place) return place.append(share);
  if (!article) return;
  const label = [...article.querySelectorAll("p, div, span, b, strong, li")].find((element) =>
    SHARE_LABEL.test(element.textContent?.trim() ?? ""),
  );
  const headline = article.querySelector("h1") ?? page.querySelector("h1");
  const header = headline?.closest("header");
  if (label?.matches("p, div, li")) label.append(" ", share);
  else if (label) label.after(" ", share);
  else if (header && article.contains(header)) header.append(share);
  else headline?.after(share);
}
