/** How another order, or a part of the conversation, comes when it is chosen or was chosen before. */

import { type Context, failed } from "./context";
import type { Frame } from "./frame";
import { icon } from "./icons";
import type { Lists } from "./lists";
import { loader } from "./loader";
import { read, write } from "./storage";

/** `choose` is called when the reader has; `recall` takes up what they chose on this site before. */
export function listsOf(of: Context, frame: Frame, load: () => Promise<void>) {
  const fetched = loader<typeof import("./lists")>(of.options.service, LISTS_CHUNK);
  let lists: Promise<Lists> | null = null;
  const part = (): Promise<Lists> => {
    lists ??= fetched().then(({ listsIn }) => listsIn(of, { frame, load, icon, read, write }));
    lists.catch(() => (lists = null));
    return lists;
  };
  return {
    async choose(box: HTMLElement): Promise<void> {
      const found = await part().catch(() => null);
      if (found) return found.choose();
      frame.order.value = of.sort;
      frame.only.value = "all";
      failed(of, undefined, null, box.closest<HTMLElement>(".sort") ?? box);
    },
    async recall(): Promise<void> {
      // Without that chunk, the conversation can still be read.
      if (read(`comments.list.${of.options.site}`)) await part().then((found) => found.recall(), () => undefined);
    },
  };
}
