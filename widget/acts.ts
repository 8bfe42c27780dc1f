/** What a reader can do in a thread, and how that comes when it is needed. */

import type { Acting } from "./acting";
import type { Acts, Card } from "./comment";
import { type Context, failed } from "./context";
import { set } from "./dom";
import type { Field, Plan } from "./field";
import { loader } from "./loader";
import type { Muting } from "./muting";
import type { Own } from "./shapes";

/** The acts; those on a comment are named as their drawings are. */
export type Act = Doing | Veiling;
export type Doing =
  "reply" | "edit" | "withdraw" | "undo" | "recommend" | "flag" | "link" | "comments" | "replies" | "search";
export type Veiling = "mute" | "unmute" | "show" | "muted";
type Press = (id: string, pressed: HTMLElement) => unknown;

const isVeiling = (what: Act): what is Veiling => /mute|show/.test(what);

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
  heading(): HTMLElement;
}

export function actsOn(of: Context, stage: Stage): Acts {
  const load = loader<typeof import("./acting")>(of.options.service, ACTING_CHUNK);
  const loadMuting = loader<typeof import("./muting")>(of.options.service, MUTING_CHUNK);
  let acting: Acting | undefined;
  let muting: Muting | undefined;
  const part = async (what: Act): Promise<Partial<Record<Act, Press>>> =>
    isVeiling(what)
      ? (muting ??= new (await loadMuting()).Muting(of, stage))
      : (acting ??= new (await load()).Acting(of, stage));
  return {
    prepare: () => void load().catch(() => undefined),
    async act(what, id, pressed) {
      if (!(isVeiling(what) ? muting : acting)) set(pressed, "aria-disabled", "true");
      const found = await part(what).catch(() => null);
      set(pressed, "aria-disabled", null);
      if (!found) return failed(of, stage.card(id), null, pressed);
      void found[what]?.(id, pressed);
    },
    undoing: (id) => acting?.undoing(id),
    visit: stage.visit,
  };
}
