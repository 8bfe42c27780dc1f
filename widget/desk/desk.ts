// The desk's pages work without this; with it they are fast.

import { listen } from "./keys";
import { localTimes } from "./making";
import { Queue } from "./queue";

document.documentElement.classList.add("scripted");
localTimes(document);

const sites = document.querySelector<HTMLSelectElement>("#site");
sites?.addEventListener("change", () => sites.form?.requestSubmit());

const list = document.querySelector<HTMLElement>(".cards");
if (list) {
  const queue = new Queue(list);
  listen(queue);
  const acts: Record<string, () => void> = {
    approve: () => queue.approve(),
    reject: () => queue.reject(),
    next: () => queue.step(1),
    undo: () => void queue.undo(),
  };
  const thumbs = document.querySelector<HTMLElement>(".thumbs");
  thumbs?.removeAttribute("hidden");
  thumbs?.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-do]") : null;
    acts[button?.dataset.do ?? ""]?.();
  });
}
