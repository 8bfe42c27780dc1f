/** Puts branches away and brings them back: "Hide 12 replies", for as long as the visit lasts. */

import type { Card } from "./comment";
import type { Context } from "./context";
import { LEVELS } from "./conversation";
import { button, goTo, set } from "./dom";
import { foldsAbove, unfold } from "./folds";
import type { Stage } from "./following";

const english = {
  hide: { one: "Hide {n} reply", other: "Hide {n} replies" },
  show: { one: "Show {n} reply", other: "Show {n} replies" },
};

/** What is done with a comment that others may stand under. */
export function folding(of: Context, stage: Stage): (card: Card, id: string) => void {
  const { folded, store } = of;
  const say = of.speaker("folding", english);
  const buttons = new WeakMap<Card, HTMLElement>();
  const keep = keeper(`comments.folded.${of.options.site}.${of.options.key}`, folded);
  const turn = (id: string): void => {
    if (!folded.delete(id)) folded.add(id);
    stage.render();
  };
  of.host.addEventListener("comments:posted", (event) => {
    const { id } = (event as CustomEvent<{ id: string }>).detail;
    const card = stage.card(id);
    if (!card || foldsAbove(of, id).length === 0) return;
    unfold(of, id);
    stage.render();
    goTo(card.article);
  }, { signal: of.ended });
  return (card, id) => {
    const n = store.under(id, LEVELS).length + (store.missing(id)?.count ?? 0);
    let made = buttons.get(card);
    // A single reply is no shorter put away.
    if (n < 2) made?.remove();
    else if (!made) buttons.set(card, (made = button("", { class: "fold", part: "button" }, () => turn(id))));
    const away = n > 1 && folded.has(id);
    card.list.hidden = card.more.hidden = away;
    if (!made || n < 2) return;
    made.textContent = say(away ? "show" : "hide", { n });
    set(made, "aria-expanded", away ? "false" : "true");
    if (!made.isConnected) card.article.append(made);
    keep();
  };
}

/** Fill a set with what the visit has kept. What is returned keeps it as it is then. */
function keeper(key: string, ids: Set<string>): () => void {
  let kept = "";
  try {
    kept = sessionStorage.getItem(key) ?? "";
  } catch {
    // Blocked: it is kept as long as the page lives.
  }
  for (const id of kept.split(" ")) if (id) ids.add(id);
  return () => {
    const now = [...ids].join(" ");
    if (now === kept) return;
    kept = now;
    try {
      sessionStorage.setItem(key, now);
    } catch {
      // Blocked, or full.
    }
  };
}
