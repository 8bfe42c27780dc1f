/** Two regions that screen readers listen to. They are empty from first paint on; only a change is spoken. */

import { h } from "./dom";

/** A region filled in the same frame in which it was emptied would say nothing. */
const SETTLE = 75;

export interface Live {
  readonly regions: readonly HTMLElement[];
  /** Said when the reader pauses. */
  status(text: string): void;
  /** Said at once. */
  alert(text: string): void;
}

export function liveRegions(ended: AbortSignal): Live {
  const status = region("status", ended);
  const alert = region("alert", ended);
  return { regions: [status.element, alert.element], status: status.speak, alert: alert.speak };
}

function region(role: string, ended: AbortSignal): { element: HTMLElement; speak(text: string): void } {
  const element = h("div", { role, class: "unseen" });
  let timer: ReturnType<typeof setTimeout> | undefined;
  ended.addEventListener("abort", () => clearTimeout(timer));
  return {
    element,
    speak(text) {
      clearTimeout(timer);
      element.textContent = "";
      timer = setTimeout(() => (element.textContent = text), SETTLE);
    },
  };
}
