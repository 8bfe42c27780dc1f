// What a share row needs when somebody uses it: what is said and counted of a share, and the way around a missing clipboard.

import { count } from "./clicks";
import { adopt, h } from "./dom";
import { announce } from "./events";
import { loader } from "./loader";
import type { Row } from "./share";
import css from "./sharing.css";
import { setTone } from "./tone";
import { spoken } from "./words";

const COPIED_FOR = 3000;
const DONE = "m5 13 4.5 4.5L19 7.5";

const english = {
  byHand: "The link, to copy",
  selected: "The link is selected: copy it.",
};

/** Go on after a press on a button or network of this name, by a reader or not; `done` is how what the row began for it ended. */
export async function pressed(row: Row, name: string, byReader: boolean, done: Promise<boolean>): Promise<void> {
  row.tell("");
  if (name === "more") return menuOf(row, ({ openMenu }, told) => openMenu(row, told), row.say.notLoaded);
  // A network that asks for more than a link does so itself.
  if (row.inline.get(name) instanceof HTMLButtonElement) return;
  // A reader who closes the sheet again has shared nothing.
  if (name === "native" && !(await done)) return;
  shared(row, name, byReader);
  if (name !== "copy") return;
  if (await done) tellCopied(row);
  else copyByHand(row);
}

/** Put what is missing into the row: the networks of which it has only the place. */
export function complete(row: Row): void {
  // Where that fails, "More" asks for it again.
  menuOf(row, (menu, told) => menu.complete(row, told), "");
}

/** Hears that something was shared, and whether a reader did it. */
export type Told = (network: string, byReader: boolean) => void;

function menuOf(row: Row, act: (menu: typeof import("./menu"), told: Told) => void, failed: string): void {
  loader<typeof import("./menu")>(row.options.service, MENU_CHUNK)().then(
    (menu) => act(menu, (network, byReader) => shared(row, network, byReader)),
    () => row.tell(failed));
}

function shared({ host, options }: Row, network: string, byReader: boolean): void {
  if (byReader) count(options, network);
  announce(host, "shared", { detail: { network } });
}

/** The link is on the clipboard: the button says so for a moment, in place of its label. */
function tellCopied(row: Row): void {
  const label = row.row.querySelector<HTMLElement>("[data-other]");
  const path = row.row.querySelector("[part~=copy] path");
  const { copy, copied } = row.say;
  row.status.textContent = copied;
  if (!label || !path || label.dataset.other !== copied) return;
  const lines = path.getAttribute("d") ?? "";
  const show = (said: string, other: string, drawn: string): void => {
    label.textContent = said;
    label.dataset.other = other;
    path.setAttribute("d", drawn);
  };
  show(copied, copy, DONE);
  setTimeout(() => {
    show(copy, copied, lines);
    row.status.textContent = "";
  }, COPIED_FOR);
}

/** Where a page may not write to the clipboard, the reader may. */
function copyByHand(row: Row): void {
  const { instead } = spoken(row.host, row.options);
  const say: typeof english = Object.assign({}, english, ...instead.map((words) => words?.sharing));
  const field = h("input", { class: "by-hand", readonly: true, value: row.options.url, "aria-label": say.byHand, dir: "ltr" });
  adopt(row.root, css);
  setTone(row);
  field.addEventListener("blur", () => {
    field.remove();
    row.status.textContent = "";
  });
  row.row.after(field);
  field.select();
  field.focus();
  row.status.textContent = say.selected;
}
