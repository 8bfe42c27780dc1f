// The few nodes that the script adds to a page which the server has made.

import { say } from "./words";

type Child = Node | string;

/** An element with attributes and children; every string becomes text. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export function button(words: string, act: () => void, attributes: Record<string, string> = {}): HTMLButtonElement {
  const made = make("button", { type: "button", ...attributes }, words);
  made.addEventListener("click", act);
  return made;
}

const STAYS_MS = 12_000;

/** Say something in passing; what went wrong stays until it is closed. */
export function toast(words: string, ...more: [words: string, act: () => void][]): void {
  const region = document.querySelector(".toasts");
  if (!region) return;
  const shown = make("div", { class: "toast" }, make("p", {}, words));
  const close = () => shown.remove();
  for (const [name, act] of more) shown.append(button(name, () => (close(), act())));
  shown.append(button(say("close"), close));
  region.replaceChildren(shown);
  if (more.length === 0) setTimeout(close, STAYS_MS);
}

/** Times are written in UTC; say them in the zone of whoever reads. */
export function localTimes(within: ParentNode): void {
  const words = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "full", timeStyle: "short" });
  for (const time of within.querySelectorAll("time")) time.title = words.format(new Date(time.dateTime));
}
