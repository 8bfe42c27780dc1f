// Mastodon has no address of its own: the reader names the server, once.

import { button, h } from "./dom";
import { type Network, linkTo } from "./links";
import css from "./mastodon.css";
import { read, write } from "./storage";
import type { Tongue } from "./words";

const REMEMBERED = "comments:mastodon";
const SERVER = /^[a-z0-9.-]+\.[a-z]{2,}$/;
const SOME = ["mastodon.social", "mastodon.online", "mas.to", "fosstodon.org", "mastodon.world"];

const english = {
  title: "Share on {network}",
  server: "Your server",
  cancel: "Cancel",
  share: "Share",
  wrong: "Type a server’s name, such as {example}.",
};

/** The host name in what somebody typed: a name, an address or a handle; null if there is none. */
export function serverIn(typed: string): string | null {
  const name = typed.trim().toLowerCase().replace(/^https?:\/\//, "").replace(/\/.*$/, "").replace(/^.*@/, "");
  return SERVER.test(name) ? name : null;
}

/** Ask for the server and open its own share page; `shared` runs when it has been opened. */
export function askServer(
  root: ShadowRoot,
  what: { network: Network; title: string; url: string } & Tongue,
  shared: (event: Event) => void,
): void {
  const { lang, dir } = what;
  const say = what.speaker("mastodon", english);
  const error = h("p", { id: "wrong", class: "error", role: "alert" });
  const field = h("input", {
    id: "server", list: "servers", value: read(REMEMBERED) ?? "", placeholder: "mastodon.social", autocomplete: "off",
    autocapitalize: "none", inputmode: "url", spellcheck: "false", dir: "ltr", "aria-describedby": "wrong",
  });
  const dialog = h(
    "dialog",
    { "aria-labelledby": "title", part: "dialog", lang, dir },
    h(
      "form",
      { method: "dialog", novalidate: true },
      h("h2", { id: "title" }, say("title", { network: what.network.label })),
      h("label", { for: "server" }, say("server")),
      field,
      h("datalist", { id: "servers" }, ...SOME.map((value) => h("option", { value }))),
      error,
      h("div", { class: "ends" }, button(say("cancel"), { class: "plain" }, () => dialog.close()), h("button", { class: "primary" }, say("share"))),
    ),
  );
  const before = root.activeElement;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  dialog.addEventListener("close", () => {
    dialog.remove();
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter((each) => each !== sheet);
    if (before instanceof HTMLElement) before.focus();
  });
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    const server = serverIn(field.value);
    if (!server) {
      error.textContent = say("wrong", { example: "mastodon.social" });
      field.setAttribute("aria-invalid", "true");
      return field.focus();
    }
    write(REMEMBERED, server);
    open(linkTo(what.network, what.title, what.url, server), "_blank", "noopener");
    dialog.close();
    shared(event);
  });
  root.append(dialog);
  dialog.showModal();
  field.select();
}
