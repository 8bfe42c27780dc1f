/** Elements by createElement only: no sink takes a string of HTML, so the strictest Trusted Types policy is met. */

import { bare } from "./bare";

export type Child = Node | string | null | undefined | false;
export type Attributes = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Make an element; an attribute that is false, null or undefined is left out, true is the empty string. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const name of Object.keys(attributes)) set(element, name, attributes[name]);
  fill(element, ...children);
  return element;
}

export function set(element: Element, name: string, value: string | number | boolean | null | undefined): void {
  if (value === false || value == null) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : `${value}`);
}

/** Put these children in place of all others. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren(...(children.filter(Boolean) as (Node | string)[]));
}

/** Make the children of a list exactly these, without moving one that already stands right: a moved one loses focus. */
export function arrange(list: Element, wanted: readonly Element[]): void {
  const kept = new Set(wanted);
  for (const child of [...list.children]) if (!kept.has(child)) child.remove();
  wanted.forEach((child, at) => {
    if (list.children[at] !== child) list.insertBefore(child, list.children[at] ?? null);
  });
}

export function button(label: Child, attributes: Attributes, press: (event: Event) => void): HTMLButtonElement {
  const made = h("button", { type: "button", ...attributes }, label);
  // A button at work stays focusable, so it is not `disabled`.
  made.onclick = (event) => {
    if (made.getAttribute("aria-disabled") !== "true") press(event);
  };
  return made;
}

/** Words for screen readers only. */
export function unseen(...children: Child[]): HTMLElement {
  return h("span", { class: "unseen" }, ...children);
}

/** Bring into view and focus, without a jump when it is in view already. */
export function goTo(element: HTMLElement, block: ScrollLogicalPosition = "nearest"): void {
  element.focus({ preventScroll: true });
  bring(element, block);
}

/** Bring into view, at once. */
export function bring(element: Element, block: ScrollLogicalPosition = "nearest"): void {
  element.scrollIntoView(bare({ block, behavior: "instant" }));
}

const sheets = new Map<string, CSSStyleSheet>();

/** Give a root these styles, each of them once. */
export function adopt(root: ShadowRoot, ...styles: string[]): void {
  for (const css of styles) {
    let sheet = sheets.get(css);
    if (!sheet) {
      sheets.set(css, (sheet = new CSSStyleSheet()));
      sheet.replaceSync(css);
    }
    if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  }
}
