/**
 * The dialog in which a reader signs in by mail: an address, and then the code that was sent there; or elsewhere
 * (`provider`). Loaded on use.
 */

import { type Context, failureOf, why } from "./context";
import { adopt, button, fill, h, set } from "./dom";
import css from "./signin.css";
import { terms } from "./terms";

const english = {
  title: "Sign in",
  email: "Your e-mail address",
  why: "You get a code there. What you are writing stays.",
  send: "Send me a code",
  sent: "A mail with six digits is on its way to {email}. Look among the junk too.",
  code: "Code",
  again: "Another address",
  cancel: "Cancel",
  done: "You are signed in.",
};

interface Opened {
  readonly token: string;
  readonly name: string | null;
}

/**
 * `opener` gets the focus back, if it is still there; else the field that stands before it. `elsewhere` loads what signs
 * in there; rejects where that fails.
 */
export async function openSignIn(
  of: Context, opener: HTMLElement, elsewhere: () => Promise<typeof import("./provider")>,
): Promise<void> {
  const say = of.speaker("signin", (await of.further("signin", english)) ?? english);
  const { api, session, live, site } = of;
  let attempt = "";
  // The thread's own regions are out of reach while a modal dialog is open.
  const error = h("p", { class: "error", role: "alert", id: "signin-error" });
  const told = h("p", { id: "signin-told", role: "status" });
  const label = h("label", { for: "signin-field" });
  const field = h("input", { id: "signin-field", dir: "ltr", part: "field", "aria-describedby": "signin-told signin-error" });
  const submit = h("button", { type: "submit", class: "primary", part: "button primary" });
  const again = button(say("again"), { class: "inline", part: "button" }, () => show(""));
  const cancel = button(say("cancel"), { class: "quiet", part: "button" }, () => dialog.close());
  const dialog = h("dialog", { class: "signin", "aria-labelledby": "signin-title", part: "dialog", lang: of.lang, dir: of.dir },
    h("form", { novalidate: true }, h("h2", { id: "signin-title" }, say("title")), told, again, label, field, error, terms(of),
      h("div", { class: "row" }, cancel, submit)));
  const wrong = (words: string): void => {
    error.textContent = words;
    set(field, "aria-invalid", words ? "true" : null);
    field.focus();
  };
  let email = "";
  /** The first step, or with an attempt the second. */
  const show = (got: string): void => {
    attempt = got;
    const [before, after] = say(got ? "sent" : "why", { email: "\n" }).split("\n");
    fill(told, before, got && h("bdi", {}, email), after);
    label.textContent = say(got ? "code" : "email");
    submit.textContent = say(got ? "title" : "send");
    again.hidden = !got;
    set(field, "inputmode", got ? "numeric" : "email");
    set(field, "autocomplete", got ? "one-time-code" : "email");
    set(field, "maxlength", got ? 9 : 254);
    field.value = got ? "" : email;
    wrong("");
  };
  const next = async (): Promise<void> => {
    if (!attempt) {
      email = field.value.trim();
      const body = { email, page: of.options.url.split("#")[0] };
      const asked = await api.ask<{ attempt: string }>("POST", "/session/mail", { body });
      return show(asked.attempt);
    }
    const body = { attempt, code: field.value };
    const { token, name } = await api.ask<Opened>("POST", "/session/mail/code", { body, secret: session.secret() ?? "" });
    // The form should know the name when the thread hears of the secret.
    if (name) session.rename(name);
    session.begin(token, Date.now());
    dialog.close();
    live.status(say("done"));
  };
  dialog.addEventListener("close", () => {
    dialog.remove();
    (opener.hidden ? opener.parentElement?.querySelector("input") : opener)?.focus();
  });
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    if (submit.getAttribute("aria-disabled")) return;
    set(submit, "aria-disabled", "true");
    next().catch((failed) => wrong(why(of, failureOf(failed)))).finally(() => set(submit, "aria-disabled", null));
  });
  if (site?.providers?.[0]) await (await elsewhere()).offer(of, dialog, told, wrong);
  adopt(of.root, css);
  of.root.append(dialog);
  dialog.showModal();
  show("");
}
