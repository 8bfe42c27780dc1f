/** How the widget speaks, and every sentence of the thread. A text has `{names}`; one that counts has a form for each plural category. */

import type { Options } from "./options";

export type Plural = Readonly<{ one: string; other: string } & Partial<Record<Intl.LDMLPluralRule, string>>>;

export type Texts = Readonly<Record<string, string | Plural>>;

/** The texts of one language, by the part of the widget that says them. */
export type Words = Readonly<Record<string, Texts>>;

export const english = {
  heading: { one: "{n} comment", other: "{n} comments" },
  headingNone: "Comments",
  first: "That is the first comment. The next may be yours.",
  empty: "Be the first to say something.",
  emptyClosed: "Nobody said anything here.",
  closed: "This conversation is closed. You can still read it.",
  archived: "This conversation has ended, because its article is old. You can still read it.",
  "read-only": "Writing is paused on {site} for now. You can read everything; please come back later.",
  closesSoon: "This conversation closes soon: you can write until {time}.",
  members: "Only readers with an account of {site} can write here.",
  loadFailed: "The comments could not be loaded.",
  retry: "Try again",
  search: "Search",
  sort: "Sort by",
  newest: "Newest",
  oldest: "Oldest",
  recommended: "Most recommended",
  best: "Best",
  liveliest: "Liveliest",
  all: "All comments",
  byStaff: "Staff and author",
  mine: "My comments",
  unanswered: "Unanswered",
  moreComments: "More comments",
  moreReplies: { one: "Show {n} more reply", other: "Show {n} more replies" },
  inReplyTo: "in reply to {name}",
  level: "in reply to {name}, level {n}",
  someone: "a comment that is gone",
  earlier: "an earlier comment",
  was: "What this answers was edited since",
  you: "You",
  staff: "Staff",
  author: "Author of this story",
  expert: "Expert",
  pinned: "Pinned",
  featured: "Featured",
  mute: "Mute",
  muted: "You have muted {name}.",
  show: "Show",
  unmute: "Unmute",
  mutedPeople: { one: "{n} person muted", other: "{n} people muted" },
  edited: "edited",
  editedAt: "Edited {time}",
  withdrawn: "This comment was withdrawn by its author.",
  removed: "This comment was removed by the moderators.",
  erased: "This comment was erased: its author has left.",
  pending: "Only you can see this until a moderator has read it.",
  rejected: "This comment was not published. Only you can see it.",
  recommend: "Recommend",
  recommendations: { one: "{n} recommendation", other: "{n} recommendations" },
  reply: "Reply",
  link: "Link",
  report: "Report",
  reported: "Reported",
  edit: "Edit",
  withdraw: "Withdraw",
  editable: { one: "You can edit for {n} more minute.", other: "You can edit for {n} more minutes." },
  notDone: "That did not work. {why}",
  // Field
  yourComment: "Your comment",
  placeholder: "What do you think?",
  guidelines: "What we ask of those who write here",
  halfForm: "The rest of this form could not be loaded. Your text is kept.",
  cancel: "Cancel",
  // Why something failed
  offline: "You are offline.",
  limited: "Very many people are here at this moment. Please wait a little.",
  network: "The comments could not be reached.",
  timeout: "No answer came in time.",
  server: "Something went wrong on our side.",
} satisfies Texts;

export type Key = keyof typeof english;
export type Values = Readonly<Record<string, string | number>>;
export type Say<K extends string = Key> = (key: K, values?: Values) => string;

/** What an element speaks, and what it makes its texts of. */
export interface Tongue {
  /** A BCP 47 tag that Intl takes. */
  readonly lang: string;
  /** The direction of its words; null where English stands in for others, in whatever direction the page has. */
  readonly dir: "ltr" | "rtl" | null;
  /** Speak the texts of one part of the widget. */
  speaker<K extends string>(part: string, english: Readonly<Record<K, string | Plural>>): Say<K>;
}

const RTL = /^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b/i;
const RTL_LETTER = /[\u0590-\u08ff\ufb1d-\ufefc]/;

/** The language that an element asks for, with what is said in place of the English texts, the last first; English where nobody has the words. */
export function spoken(
  host: Element, { lang, words }: Pick<Options, "lang" | "words">,
): Pick<Tongue, "lang" | "dir"> & { instead: (Words | null | undefined)[] } {
  const own = ownWords(host);
  if (!words && !own && !/^en\b/i.test(lang)) return { lang: "en", dir: null, instead: [] };
  return { lang, dir: RTL.test(lang) ? "rtl" : "ltr", instead: [words, own] };
}

/** The tongue that an element asks for. */
export function tongueOf(host: Element, options: Pick<Options, "lang" | "words">): Tongue {
  const { lang, dir, instead } = spoken(host, options);
  let known = "en";
  try {
    known = Intl.getCanonicalLocales(lang)[0] ?? known;
  } catch {
    // The page's lang attribute is no language.
  }
  return tongue(known, dir, ...instead);
}

/** What the owner has the element say in place of our words: a JSON script in it, in the shape of a catalogue. */
function ownWords(host: Element): Words | null {
  const script = host.querySelector(':scope>script[type="application/json"]');
  try {
    return script && (JSON.parse(script.textContent ?? "") as Words);
  } catch (error) {
    console.error(error);
    return null;
  }
}

/** A language with what takes the place of its English texts, the last first. */
export function tongue(lang: string, dir: Tongue["dir"], ...instead: (Words | null | undefined)[]): Tongue {
  const plural = new Intl.PluralRules(lang);
  const number = new Intl.NumberFormat(lang);
  return {
    lang,
    dir,
    speaker(part, english) {
      const texts: Texts = Object.assign({}, english, ...instead.map((words) => words?.[part]));
      return (key, values = {}) => {
        const text = texts[key] ?? "";
        const form = typeof text === "string" ? text : (text[plural.select(Number(values.n))] ?? text.other);
        return `${form}`.replace(/\{(\w+)\}/g, (_, name: string) => {
          const value = values[name] ?? "";
          if (typeof value === "number") return number.format(value);
          // Isolated, so that a name does not turn the words around it.
          return dir === "rtl" || RTL_LETTER.test(value) ? `\u2068${value}\u2069` : value;
        });
      };
    },
  };
}
