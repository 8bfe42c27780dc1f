// One card: what it stands for, and how it looks once it is decided.

import { button, make } from "./making";
import { named, say } from "./words";

export function address(card: HTMLElement): string {
  return `/desk/comments/${card.dataset.site}/${card.dataset.id}`;
}

export function isDone(card: HTMLElement): boolean {
  return card.classList.contains("done");
}

/** Fold a decided card to one line that stays in its place. */
export function fold(card: HTMLElement, status: string, said: string, undo: (() => void) | null): void {
  unfold(card);
  const line = make("p", { class: `verdict ${status}` }, make("b", {}, said || named(status)));
  const quote = make("span", { class: "line" }, make("bdi", {}, card.dataset.name ?? ""), ": ");
  quote.append(make("q", { dir: "auto" }, card.dataset.line ?? ""));
  line.append(quote);
  if (undo) line.append(button(say("undo"), undo, { class: "plain" }));
  card.querySelector<HTMLDetailsElement>(".reject")?.removeAttribute("open");
  card.prepend(line);
  card.classList.add("done");
}

export function unfold(card: HTMLElement): void {
  card.classList.remove("done");
  card.querySelector(":scope > .verdict")?.remove();
}

/** Say on the card what went wrong with it, with what can be done about it. */
export function complain(card: HTMLElement, words: string, ...more: [words: string, act: () => void][]): void {
  unfold(card);
  card.querySelector(":scope > .problem")?.remove();
  const shown = make("div", { class: "notice warn problem", role: "alert" }, make("p", {}, words));
  for (const [name, act] of more) shown.append(button(name, () => (shown.remove(), act())));
  card.prepend(shown);
}

/** The button that approves, or opens the reasons for a rejection, if this card has it. */
export function approveButton(card: HTMLElement): HTMLButtonElement | null {
  return card.querySelector('.act button[name="verdict"][value="published"]');
}

export function reasons(card: HTMLElement): HTMLDetailsElement | null {
  return card.querySelector<HTMLDetailsElement>(".act .reject");
}
