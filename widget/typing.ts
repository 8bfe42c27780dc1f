/** Put words into a field as if they were typed, so that Ctrl+Z takes them back in one step. */

import type { Change } from "./marking";

export function type(field: HTMLTextAreaElement, { from, to, words, select }: Change): void {
  if (field.readOnly) return;
  field.focus({ preventScroll: true });
  field.setSelectionRange(from, to);
  // It is called obsolete, and is the only way that the browser can undo.
  if (!document.execCommand("insertText", false, words)) {
    field.setRangeText(words, from, to);
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
  field.setSelectionRange(...select);
}
