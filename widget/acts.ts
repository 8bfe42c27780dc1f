/** What happens when a reader acts on a comment: shown at once, taken back with a sentence when it fails. */

import { Failure } from "./api";
import type { Acts, Card } from "./comment";
import { Composer } from "./composer";
import { type Context, emit, failureOf, later, permalink, why } from "./context";
import { h } from "./dom";
import { Sender } from "./sending";
import { isOwn, type Own } from "./shapes";
import { setTone } from "./tone";

const UNDO = 10_000;

/** What the acts need of the list they happen in. */
export interface Stage {
  card(id: string): Card | undefined;
  render(): void;
  /** Show a comment that has just been written. */
  arrived(own: Own): void;
  visit(id: string): void;
  /** Put the focus somewhere near when what held it is gone. */
  leave(id: string): void;
}

export function actsOn(of: Context, stage: Stage): Acts {
  const { api, store, live, say } = of;
  const replies = new Map<string, Composer>();
  const withdrawals = new Map<string, { before: Own; answer: Promise<unknown> }>();
  const liking = new Set<string>();

  const failed = (id: string, error: unknown): void => {
    if (of.ended.aborted) return;
    const text = say("notDone", { why: why(of, failureOf(error)) });
    stage.card(id)?.tell(text);
    live.alert(text);
  };

  return {
    reply(id) {
      const card = stage.card(id);
      const comment = store.get(id);
      if (!card || !comment) return;
      const open = replies.get(id);
      if (open?.form.isConnected) return open.begin();
      const made = replyComposer(of, id, comment.name, () => {
        made.form.remove();
        card.article.focus();
      }, stage.arrived);
      replies.set(id, made);
      card.replyPlace.replaceChildren(made.form);
      made.begin();
    },

    edit(id) {
      const card = stage.card(id);
      const own = store.get(id);
      if (!card || !own || !isOwn(own)) return;
      const close = (): void => {
        card.showEdit(null);
        card.focusAction("edit");
      };
      const made = editComposer(of, own, close, (changed) => {
        store.put(changed);
        stage.render();
        close();
        live.status(say(changed.status === "held" ? "pending" : "saved"));
        emit(of, "edited", { id });
      });
      card.showEdit(made.form);
      made.begin();
    },

    withdraw(id) {
      const before = store.get(id);
      if (!before || !isOwn(before)) return;
      const answer = api.withdraw(id);
      const withdrawal = { before, answer };
      withdrawals.set(id, withdrawal);
      store.linger(id, true);
      store.put({ ...before, status: "withdrawn", tree: null, name: "", edited: null });
      stage.render();
      stage.card(id)?.focusAction("undo");
      live.status(say("youWithdrew"));
      answer.then(
        () => emit(of, "deleted", { id }),
        (error: unknown) => {
          withdrawals.delete(id);
          store.put(before);
          stage.render();
          stage.card(id)?.focusAction("withdraw");
          failed(id, error);
        },
      );
      later(of, UNDO, () => withdrawals.get(id) === withdrawal && settle(id));
    },

    undo(id) {
      const undone = withdrawals.get(id);
      if (!undone) return;
      undone.answer
        .then(() => api.restore(id))
        .then(
          ({ comment }) => {
            withdrawals.delete(id);
            store.put(comment);
            stage.render();
            stage.card(id)?.article.focus();
            live.status(say("restored"));
          },
          (error: unknown) => failed(id, error),
        );
    },

    undoable: (id) => withdrawals.has(id),

    recommend(id) {
      const comment = store.get(id);
      if (!comment || liking.has(id)) return;
      const on = !of.recommended.has(id);
      const show = (recommends: number, mine: boolean): void => {
        const now = store.get(id);
        if (now) store.put({ ...now, recommends });
        if (mine) of.recommended.add(id);
        else of.recommended.delete(id);
        stage.render();
      };
      liking.add(id);
      show(Math.max(0, comment.recommends + (on ? 1 : -1)), on);
      api
        .recommend(id, on)
        .then(
          ({ recommends }) => {
            show(recommends, on);
            emit(of, "voted", { id, on, recommends });
          },
          (error: unknown) => {
            show(comment.recommends, !on);
            failed(id, error);
          },
        )
        .finally(() => liking.delete(id));
    },

    report(id, opener) {
      const send = async (reason: string, note: string): Promise<void> => {
        await api.report(id, reason, note);
        of.reported.add(id);
        emit(of, "reported", { id });
        stage.card(id)?.showReported();
        stage.card(id)?.tell(say("reportThanks"));
        live.status(say("reportThanks"));
      };
      setTone(of);
      reporting(of.options.service)
        .then(({ openReport }) =>
          openReport({
            root: of.root, lang: of.lang, opener, send, why: (error) => why(of, failureOf(error)),
          }),
        )
        .catch(() => failed(id, new Failure(navigator.onLine ? "network" : "offline")));
    },

    copy(id) {
      void copyLink(of, id, stage.card(id));
    },

    visit: stage.visit,
  };

  /** After the time to undo: the place stays only while replies hang on it. */
  function settle(id: string): void {
    withdrawals.delete(id);
    store.linger(id, false);
    if (!store.isShown(id)) stage.leave(id);
    stage.render();
  }
}

/** The dialog's own chunk; browsers remember that a module failed, so what is tried again needs another address. */
async function reporting(service: string): Promise<typeof import("./report")> {
  const address = `${service}/a/${REPORT_CHUNK}.js`;
  return import(address).catch(() => import(`${address}?${Date.now()}`));
}

function replyComposer(
  of: Context, id: string, name: string, close: () => void, done: (own: Own) => void,
): Composer {
  const sender = new Sender(of.api);
  return new Composer(of, {
    kind: "reply",
    label: of.say("yourReply", { name }),
    verbs: ["postReply", "posting"],
    place: [id],
    text: "",
    prepare: () => sender.prepare(),
    send: (body, by, website) => sender.post({ name: by, body, parent: id, website }),
    done(own) {
      close();
      done(own);
    },
    close,
  });
}

function editComposer(of: Context, own: Own, close: () => void, done: (own: Own) => void): Composer {
  return new Composer(of, {
    kind: "edit",
    label: of.say("yourEdit"),
    verbs: ["save", "saving"],
    place: ["edit", own.id],
    text: own.source,
    send: async (body) => (await of.api.edit(own.id, body)).comment,
    done,
    close,
  });
}

async function copyLink(of: Context, id: string, card: Card | undefined): Promise<void> {
  const address = permalink(of, id);
  try {
    await navigator.clipboard.writeText(address);
    card?.tell(of.say("linkCopied"));
    of.live.status(of.say("linkCopied"));
  } catch {
    // Without the permission, or on a page without TLS, the reader copies by hand.
    const field = h("input", { readonly: true, "aria-label": of.say("linkShown"), part: "field" });
    field.value = address;
    card?.tell(of.say("linkShown"), " ", field);
    field.select();
  }
}
