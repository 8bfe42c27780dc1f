/** What the page around may say before something is posted. */

import { type Context, emit } from "./context";
import { told } from "./told";

/** Whether the page lets it be posted; it then says itself why not. */
export async function allowed(of: Context, parent: string | null): Promise<boolean> {
  if (!emit(of, "before-post", { parent }, true)) return false;
  const { onBeforePost } = told();
  return typeof onBeforePost !== "function" || (await onBeforePost({ parent })) !== false;
}
