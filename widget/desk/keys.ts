// Single keys, which count only while nobody types and can be switched off (WCAG 2.1.4), and the help that lists them.

import type { Queue } from "./queue";

const PLACE = "desk-keys";

export function listen(queue: Queue): void {
  const help = document.querySelector<HTMLDialogElement>("dialog.keys");
  const keys: Record<string, () => void> = {
    j: () => queue.step(1),
    k: () => queue.step(-1),
    a: () => queue.approve(),
    r: () => queue.reject(),
    f: () => queue.press("f"),
    p: () => queue.press("p"),
    z: () => void queue.undo(),
    "?": () => help?.showModal(),
    Escape: () => queue.closeReasons(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target) || help?.open) return;
    if (event.key !== "Escape" && !areOn()) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (/^[1-9]$/.test(key) ? !queue.rejectFor(Number(key)) : !keys[key]) return;
    event.preventDefault();
    keys[key]?.();
  });
  document.querySelector("[data-help]")?.addEventListener("click", () => help?.showModal());
  offerSwitch();
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}

function offerSwitch(): void {
  const box = document.querySelector<HTMLInputElement>("#use-keys");
  if (!box) return;
  const show = () => document.documentElement.classList.toggle("keyless", !areOn());
  box.checked = areOn();
  box.addEventListener("change", () => {
    try {
      localStorage.setItem(PLACE, box.checked ? "on" : "off");
    } catch {
      // A browser that stores nothing keeps its keys on.
    }
    show();
  });
  show();
}

function areOn(): boolean {
  try {
    return localStorage.getItem(PLACE) !== "off";
  } catch {
    return true;
  }
}
