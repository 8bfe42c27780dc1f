/** The dialog that tells the moderators about a comment; loaded when a reader first asks for it. */

import type { Context } from "./context";
import controls from "./controls.css";
import { adopt, button, h, set } from "./dom";
import css from "./report.css";
import type { Say } from "./words";

const REASONS = ["abuse", "spam", "off-topic", "personal-data", "illegal", "other"] as const;
const LONGEST = { note: 500, law: 2000, name: 100, email: 254 };

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
  law: "Which law does it break, and why?",
  children: "It is about sexual abuse of children: then name and address may stay empty.",
  name: "Your name",
  email: "Your e-mail address",
  faith: "I believe in good faith that what I say here is right and complete.",
  kept: "Only the moderators see this. Your name and address are deleted half a year after the decision.",
  send: "Send report",
  choose: "Choose a reason first.",
  cancel: "Cancel",
  failed: "That did not work. {why}",
};

/** What is said of a comment that is against the law. */
export type Notice = Readonly<Record<"law" | "name" | "email", string> & Record<"child_abuse" | "good_faith", boolean>>;

/** A page of an older release brings no way to the further words. */
export interface Report extends Pick<Context, "lang" | "dir" | "root" | "speaker">, Partial<Pick<Context, "further">> {
  /** What gets the focus back, whatever is decided. */
  readonly opener: HTMLElement;
  send(reason: string, note: string, notice?: Notice): Promise<void>;
  /** Why sending failed, in a sentence. */
  why(error: unknown): string;
}

export async function openReport(report: Report): Promise<void> {
  open(report, report.speaker("report", (await report.further?.("report", english)) ?? english));
}

function open({ root, lang, dir, opener, send, why }: Report, say: Say<keyof typeof english>): void {
  // The thread's own regions are out of reach while a modal dialog is open.
  const error = h("p", { class: "error", role: "alert", id: "report-error" });
  const field = (tag: "input" | "textarea", name: keyof typeof LONGEST, more = {}): [HTMLElement, HTMLInputElement] => {
    const made = h(tag, { id: `report-${name}`, maxlength: LONGEST[name], dir: "auto", part: "field", ...more });
    return [h("div", {}, h("label", { for: made.id }, say(name)), made), made as HTMLInputElement];
  };
  const box = (words: "children" | "faith"): [HTMLElement, HTMLInputElement] => {
    const made = h("input", { type: "checkbox" });
    return [h("label", { class: "choice" }, made, say(words)), made];
  };
  const [noteRow, note] = field("textarea", "note", { rows: 2 });
  const [lawRow, law] = field("textarea", "law", { rows: 3 });
  const [nameRow, name] = field("input", "name", { autocomplete: "name" });
  const [emailRow, email] = field("input", "email", { autocomplete: "email", inputmode: "email", dir: "ltr" });
  const [childrenRow, children] = box("children");
  const [faithRow, faith] = box("faith");
  const notice = h("div", { class: "law", hidden: true },
    lawRow, childrenRow, nameRow, emailRow, faithRow, h("p", { class: "small" }, say("kept")));
  const submit = h("button", { type: "submit", class: "primary", part: "button primary" }, say("send"));
  const radios = REASONS.map((reason) => h("input", { type: "radio", name: "reason", value: reason }));
  const choices = radios.map((radio, at) => h("label", { class: "choice" }, radio, say(REASONS[at] ?? "other")));
  const cancel = button(say("cancel"), { class: "quiet", part: "button" }, () => dialog.close());
  const fields: Record<string, HTMLInputElement | undefined> = {
    note, law, name, email, good_faith: faith, reason: radios[0],
  };
  const dialog = h(
    "dialog",
    { "aria-labelledby": "report-title", part: "dialog", lang, dir },
    h(
      "form",
      { novalidate: true },
      h("h2", { id: "report-title" }, say("title")),
      h("fieldset", {}, h("legend", {}, say("question")), ...choices),
      notice,
      noteRow,
      error,
      h("div", { class: "row" }, cancel, submit),
    ),
  );
  const chosen = (): string => radios.find((radio) => radio.checked)?.value ?? "";
  /** What is wrong stands beside its field, and the field has the focus. */
  const wrong = (words: string, at?: HTMLInputElement): void => {
    for (const each of Object.values(fields)) {
      if (each) {
        set(each, "aria-invalid", words && each === at ? "true" : null);
        set(each, "aria-describedby", words && each === at ? error.id : null);
      }
    }
    if (at) (at.closest(".law > *, fieldset, form > div") ?? at).after(error);
    error.textContent = words;
    if (words) at?.focus();
  };
  const sending = async (): Promise<void> => {
    const reason = chosen();
    if (!reason) return wrong(say("choose"), radios[0]);
    wrong("");
    set(submit, "aria-disabled", "true");
    try {
      const said: Notice = {
        law: law.value, name: name.value, email: email.value, child_abuse: children.checked, good_faith: faith.checked,
      };
      await send(reason, note.value.trim(), reason === "illegal" ? said : undefined);
      dialog.close();
    } catch (failed) {
      set(submit, "aria-disabled", null);
      const at = fields[Object(failed).field];
      wrong(at ? why(failed) : say("failed", { why: why(failed) }), at);
      if (!at) submit.parentElement?.before(error);
    }
  };
  dialog.addEventListener("change", () => {
    notice.hidden = chosen() !== "illegal";
  });
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
