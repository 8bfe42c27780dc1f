/**
 * Sign in with an account elsewhere: a window of the service, and what it brings back. Loaded where a site offers that.
 *
 * The window posts its code to the origin of this page; where a browser has cut it off from us, it leads here itself, in
 * whatever tab, so the verifier is where all tabs find it.
 */

import { type Context, failureOf, why } from "./context";
import { adopt, button, h } from "./dom";
import type { Frame } from "./frame";
import css from "./provider.css";
import { read, write } from "./storage";

const english = {
  with: "Continue with {name}",
  wait: "Go on in the window that has opened. What you are writing stays.",
  done: "You are signed in.",
};

const place = (of: Context): string => `comments.verifier.${of.options.site}`;
const speaker = async (of: Context) => of.speaker("provider", await of.further("provider", english));
const spelled = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");

/**
 * A button for each provider in the dialog, whose parts for mail go where a site has none: `told` says what is going on,
 * and `wrong` what is wrong.
 */
export async function offer(
  of: Context, dialog: HTMLDialogElement, told: HTMLElement, wrong: (words: string) => void,
): Promise<void> {
  const { service, site } = of.options;
  const ways = h("div", { class: "ways" });
  const ended = new AbortController();
  const { signal } = ended;
  dialog.addEventListener("close", () => ended.abort());
  adopt(of.root, css);
  told.before(ways);
  if (!of.site?.mail) for (const part of dialog.querySelectorAll<HTMLElement>("label,input,p,.primary")) part.hidden = part.role !== "alert";
  // Made by https alone, as all that is kept secret.
  if (!crypto.subtle) return wrong(of.say("network"));
  const say = await speaker(of);
  const verifier = spelled(crypto.getRandomValues(new Uint8Array(32)).buffer);
  // Made before the press: a window that is opened later than that is blocked.
  const challenge = spelled(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)));
  let opened: Window | null = null;
  const go = (key: string): void => {
    write(place(of), verifier);
    const asked = `page=${encodeURIComponent(location.href.split("#")[0] as string)}&challenge=${challenge}`;
    const address = `${service}/s/${encodeURIComponent(site)}/sign-in/oidc/${encodeURIComponent(key)}?${asked}`;
    opened = open(address, "", "popup,width=520,height=720");
    if (!opened) return location.assign(address);
    told.hidden = false;
    told.textContent = say("wait");
  };
  const taken = (event: MessageEvent): void => {
    const { data, origin, source } = event;
    if (!opened || source !== opened || origin !== new URL(service).origin || data?.type !== "comments:code") return;
    trade(of, `${data.code}`, verifier).catch((failed) => wrong(why(of, failureOf(failed))));
  };
  addEventListener("message", taken, { signal });
  of.session.hear(signal, () => {
    if (!of.session.account()) return;
    dialog.close();
    of.live.status(say("done"));
  });
  for (const { key, name } of of.site?.providers ?? [])
    ways.append(button(say("with", { name }), { class: "quiet", part: "button" }, () => go(key)));
}

/** The window came here itself, with its code in the address. */
export async function arrive(of: Context, frame: Frame, code: string): Promise<void> {
  const [there, hash] = location.href.split("#") as [string, string?];
  const verifier = read(place(of));
  // Of several threads in the page, one takes it.
  if (!verifier || !hash?.endsWith(code)) return;
  history.replaceState(history.state, "", there);
  of.host.scrollIntoView();
  const told = await trade(of, code, verifier).then(() => speaker(of)).then((say) => say("done"), (failed) => why(of, failureOf(failed)));
  frame.notice(told);
  of.live.status(told);
}

async function trade(of: Context, code: string, verifier: string): Promise<void> {
  const { token, name } = await of.api.ask<{ token: string; name: string | null }>("POST", "/session/code", { body: { code, verifier } });
  write(place(of), null);
  // The form should know the name when the thread hears of the secret.
  if (name) of.session.rename(name);
  of.session.begin(token, Date.now());
}
