// What happens, told to the page around.

/** Tell the page; `detail` holds ids and numbers, never words of a reader. False when it said no to a question. */
export function announce(element: Element, name: string, told: Pick<CustomEventInit, "detail" | "cancelable">): boolean {
  return element.dispatchEvent(new CustomEvent(`comments:${name}`, { bubbles: true, composed: true, ...told }));
}
