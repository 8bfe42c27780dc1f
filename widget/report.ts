/** The dialog that tells the moderators about a comment; loaded when a reader first asks for it. */

import { button, h, set } from "./dom";
import type { Key, Say } from "./words";

const REASONS = ["abuse", "spam", "off-topic", "personal-data", "illegal", "other"] as const satisfies readonly Key[];
const NOTE = 1000;

export interface Report {
  readonly root: ShadowRoot;
  readonly say: Say;
  /** What gets the focus back, whatever is decided. */
  readonly opener: HTMLElement;
  send(reason: string, note: string): Promise<void>;
  /** Why sending failed, in a sentence. */
  why(error: unknown): string;
}

export function openReport({ root, say, opener, send, why }: Report): void {
  // The thread's own regions are out of reach while a modal dialog is open.
  const error = h("p", { class: "error", role: "alert" });
  const note = h("textarea", { id: "report-note", rows: 2, maxlength: NOTE, dir: "auto", part: "field" });
  const submit = h("button", { type: "submit", class: "primary", part: "button primary" }, say("reportSend"));
  const radios = REASONS.map((reason) => h("input", { type: "radio", name: "reason", value: reason }));
  const choices = radios.map((radio, at) => h("label", { class: "choice" }, radio, say(REASONS[at] ?? "other")));
  const cancel = button(say("cancel"), { class: "quiet", part: "button" }, () => dialog.close());
  const dialog = h(
    "dialog",
    { "aria-labelledby": "report-title", part: "dialog" },
    h(
      "form",
      { novalidate: true },
      h("h2", { id: "report-title" }, say("reportTitle")),
      h("fieldset", {}, h("legend", {}, say("reportWhy")), ...choices),
      h("label", { for: "report-note" }, say("reportNote")),
      note,
      error,
      h("div", { class: "row" }, cancel, submit),
    ),
  );
  const sending = async (): Promise<void> => {
    const chosen = radios.find((radio) => radio.checked);
    error.textContent = chosen ? "" : say("reportChoose");
    if (!chosen) return radios[0]?.focus();
    set(submit, "aria-disabled", "true");
    try {
      await send(chosen.value, note.value.trim());
      dialog.close();
    } catch (failed) {
      set(submit, "aria-disabled", null);
      error.textContent = say("notDone", { why: why(failed) });
    }
  };
  dialog.addEventListener("close", () => {
    dialog.remove();
    opener.focus();
  });
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    if (submit.getAttribute("aria-disabled") !== "true") void sending();
  });
  root.append(dialog);
  dialog.showModal();
}
