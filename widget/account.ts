/** Who a reader posts as, at the form: another name, or to be forgotten. Loaded for whoever has a name already. */

import css from "./account.css";
import type { Context } from "./context";
import { adopt, button, fill, h } from "./dom";
import type { Mounted } from "./options";
import type { Say } from "./words";

const english = {
  as: "Posting as {name}",
  change: "Change",
  forget: "Forget me",
  sure: "Your comments stay. You can edit or withdraw them no more.",
  keep: "Cancel",
  forgotten: "This browser has forgotten you.",
  signedIn: "Signed in as {name}",
  page: "Your page",
  signOut: "Sign out",
  signedOut: "You are signed out.",
};

type Page = () => Promise<typeof import("./me")>;

/** Show the name in place of the field for it, as long as the reader does not want to change it; `page` is the reader's own. */
export function introduce(of: Context, name: HTMLInputElement, page: Page): void {
  const { session, live } = of;
  const say: Say<keyof typeof english> = of.speaker("account", english);
  const line = h("p", { class: "as" });
  const who = name.parentElement as HTMLElement;
  const make = (key: keyof typeof english, press: () => void): HTMLButtonElement =>
    button(say(key), { class: "inline", part: "button" }, press);
  const swap = (known: boolean): void => {
    for (const one of who.children) (one as HTMLElement).hidden = (one === line) !== known;
  };
  const edit = (): void => {
    swap(false);
    name.focus();
    name.select();
  };
  const signOut = (): void => {
    (of.host as Partial<Mounted>).logout?.();
    live.status(say("signedOut"));
    name.focus();
  };
  const ask = (): void => {
    const forget = make("forget", () => {
      session.end();
      live.status(say("forgotten"));
      name.focus();
    });
    fill(line, h("span", {}, say("sure")), forget, make("keep", () => {
      show();
      line.querySelector("button")?.focus();
    }));
    forget.focus();
  };
  const show = (): void => {
    const known = session.name();
    // An older thread knows no accounts.
    const account = session.account?.();
    // The name is a reader's own words, so it keeps its direction, wherever the sentence puts it.
    const [before, after] = say(account ? "signedIn" : "as", { name: "\n" }).split("\n");
    const own = make("page", () => page().then((part) => part.openPage(of, own), () => line.append(of.say("network"))));
    fill(
      line, h("span", {}, before, h("bdi", {}, known), after), own,
      ...(account ? [make("signOut", signOut)] : [make("change", edit), make("forget", ask)]),
    );
    swap(known !== "");
  };
  /** In this form, in another, or in another tab. */
  const renamed = (): void => {
    name.value = session.name();
    show();
  };
  adopt(of.root, css);
  who.append(line);
  session.hear(of.ended, renamed);
  renamed();
}
