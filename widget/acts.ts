/** What a reader can do in a thread, and how that comes when it is needed. */

import type { Acting } from "./acting";
import type { Acts, Card } from "./comment";
import { type Context, failed } from "./context";
import { set } from "./dom";
import type { Field, Plan } from "./field";
import { loader } from "./loader";
import type { Own } from "./shapes";

/** The acts; those on a comment are named as their drawings are. */
export type Act =
  "reply" | "edit" | "withdraw" | "undo" | "recommend" | "flag" | "link" | "comments" | "replies" | "search";

/** What the acts need of the list they happen in. */
export interface Stage {
  card(id: string): Card | undefined;
  field(plan: Plan): Field;
  render(): void;
  /** Show a comment that has just been written. */
  arrived(own: Own): void;
  visit(id: string): void;
  /** Offer the page of comments that begins at this cursor. */
  offer(cursor: string | null): void;
}

export function actsOn(of: Context, stage: Stage): Acts {
  const load = loader<typeof import("./acting")>(of.options.service, ACTING_CHUNK);
  let acting: Acting | undefined;
  return {
    prepare: () => void load().catch(() => undefined),
    act(what, id, pressed) {
      if (acting) return void acting[what](id, pressed);
      set(pressed, "aria-disabled", "true");
      load()
        .finally(() => set(pressed, "aria-disabled", null))
        .then(
          (chunk) => (acting ??= new chunk.Acting(of, stage))[what](id, pressed),
          () => failed(of, stage.card(id), null, pressed),
        );
    },
    undoing: (id) => acting?.undoing(id),
    visit: stage.visit,
  };
}
