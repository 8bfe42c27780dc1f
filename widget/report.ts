/** The dialog that tells the moderators about a comment. */

import { type Context, emit, failureOf, why } from "./context";
import { button, h, set } from "./dom";
import { setTone } from "./tone";
import type { Key } from "./words";

const REASONS = ["abuse", "spam", "off-topic", "personal-data", "illegal", "other"] as const satisfies readonly Key[];
const NOTE = 1000;

/** Ask for a reason and send it; focus goes back to the opener, whatever is decided. */
export function openReport(of: Context, id: string, opener: HTMLElement, thanks: () => void): void {
  const { say } = of;
  // The thread's own regions are out of reach while a modal dialog is open.
  const error = h("p", { class: "error", role: "alert" });
  const note = h("textarea", { id: "report-note", rows: 2, maxlength: NOTE, dir: "auto", part: "field" });
  const send = h("button", { type: "submit", class: "primary", part: "button primary" }, say("reportSend"));
  const radios = REASONS.map((reason) => h("input", { type: "radio", name: "reason", value: reason }));
  const dialog = h(
    "dialog",
    { "aria-labelledby": "report-title", part: "dialog" },
    h(
      "form",
      { method: "dialog", novalidate: true },
      h("h2", { id: "report-title" }, say("reportTitle")),
      h(
        "fieldset",
        {},
        h("legend", {}, say("reportWhy")),
        ...radios.map((radio, at) => h("label", { class: "choice" }, radio, say(REASONS[at] ?? "other"))),
      ),
      h("label", { for: "report-note" }, say("reportNote")),
      note,
      error,
      h("div", { class: "row" }, button(say("cancel"), { class: "quiet", part: "button" }, () => dialog.close()), send),
    ),
  );
  dialog.addEventListener("close", () => {
    dialog.remove();
    opener.focus();
  });
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    if (send.getAttribute("aria-disabled") === "true") return;
    const chosen = radios.find((radio) => radio.checked);
    if (!chosen) {
      error.textContent = say("reportChoose");
      radios[0]?.focus();
      return;
    }
    error.textContent = "";
    set(send, "aria-disabled", "true");
    sendReport(of, id, chosen.value, note.value)
      .then(() => {
        dialog.close();
        thanks();
      })
      .catch((failed: unknown) => {
        set(send, "aria-disabled", null);
        error.textContent = say("notDone", { why: why(of, failureOf(failed)) });
      });
  });
  setTone(of);
  of.root.append(dialog);
  dialog.showModal();
}

async function sendReport(of: Context, id: string, reason: string, note: string): Promise<void> {
  await of.api.report(id, reason, note.trim());
  of.reported.add(id);
  emit(of, "reported", { id });
}
