/** The dialog that tells the moderators about a comment; loaded when a reader first asks for it. */

import controls from "./controls.css";
import { adopt, button, h, set } from "./dom";
import css from "./report.css";
import { speaker } from "./words";

const REASONS = ["abuse", "spam", "off-topic", "personal-data", "illegal", "other"] as const;
const NOTE = 1000;

const english = {
  title: "Report this comment",
  question: "What is wrong with it?",
  abuse: "It attacks or insults somebody",
  spam: "It is spam or advertising",
  "off-topic": "It has nothing to do with the article",
  "personal-data": "It gives away somebody’s personal data",
  illegal: "It breaks the law",
  other: "Something else",
  note: "What should the moderator know? (optional)",
  send: "Send report",
  choose: "Choose a reason first.",
  cancel: "Cancel",
  failed: "That did not work. {why}",
};

export interface Report {
  readonly root: ShadowRoot;
  /** A BCP 47 tag. */
  readonly lang: string;
  /** What gets the focus back, whatever is decided. */
  readonly opener: HTMLElement;
  send(reason: string, note: string): Promise<void>;
  /** Why sending failed, in a sentence. */
  why(error: unknown): string;
}

export function openReport({ root, lang, opener, send, why }: Report): void {
  const say = speaker(lang, english);
  // The thread's own regions are out of reach while a modal dialog is open.
  const error = h("p", { class: "error", role: "alert" });
  const note = h("textarea", { id: "report-note", rows: 2, maxlength: NOTE, dir: "auto", part: "field" });
  const submit = h("button", { type: "submit", class: "primary", part: "button primary" }, say("send"));
  const radios = REASONS.map((reason) => h("input", { type: "radio", name: "reason", value: reason }));
  const choices = radios.map((radio, at) => h("label", { class: "choice" }, radio, say(REASONS[at] ?? "other")));
  const cancel = button(say("cancel"), { class: "quiet", part: "button" }, () => dialog.close());
  const dialog = h(
    "dialog",
    { "aria-labelledby": "report-title", part: "dialog" },
    h(
      "form",
      { novalidate: true },
      h("h2", { id: "report-title" }, say("title")),
      h("fieldset", {}, h("legend", {}, say("question")), ...choices),
      h("label", { for: "report-note" }, say("note")),
      note,
      error,
      h("div", { class: "row" }, cancel, submit),
    ),
  );
  const sending = async (): Promise<void> => {
    const chosen = radios.find((radio) => radio.checked);
    error.textContent = chosen ? "" : say("choose");
    if (!chosen) return radios[0]?.focus();
    set(submit, "aria-disabled", "true");
    try {
      await send(chosen.value, note.value.trim());
      dialog.close();
    } catch (failed) {
      set(submit, "aria-disabled", null);
      error.textContent = say("failed", { why: why(failed) });
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
  adopt(root, controls, css);
  root.append(dialog);
  dialog.showModal();
}
