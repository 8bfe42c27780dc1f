// What the desk's script says; the page brings the words of its language along.

import { tongue, type Words } from "../words";

const english = {
  silence: "The desk gave no answer. Try again: to decide twice does no harm.",
  signedOut: "You are signed out. Load the page again.",
  published: "Approved",
  rejected: "Rejected",
  held: "Held",
  withdrawn: "Withdrawn",
  feature: "Featured.",
  unfeature: "Not featured any more.",
  pin: "Pinned on top.",
  unpin: "Unpinned.",
  onlyPublic: "Only a public comment can be featured or pinned.",
  undo: "Undo",
  close: "Close",
  decided: "The comment by {name} is decided already.",
  nothingToUndo: "There is nothing more to undo.",
  notUndone: "It was not undone. {why}",
  takenBack: "The decision is taken back.",
  look: "Look",
  approveStill: "Approve it all the same",
  rejectStill: "Reject it all the same",
  again: "Try again",
  leave: "Leave it so",
  more: "Load more",
};

const { lang, dir, dataset } = document.documentElement;
const words = JSON.parse(dataset.words ?? "{}") as Words[string];

export const say = tongue(lang, dir === "rtl" ? "rtl" : "ltr", { desk: words }).speaker("desk", english);

/** A verdict or a mark by its name, as it is said when it is done. */
export function named(what: string): string {
  return Object.hasOwn(english, what) ? say(what as keyof typeof english) : what;
}
