/** Every sentence the thread says. A text has `{names}`; one that counts has a form for each plural category. */

export type Plural = Readonly<{ one: string; other: string } & Partial<Record<Intl.LDMLPluralRule, string>>>;

type Texts = Record<string, string | Plural>;

export const english = {
  heading: { one: "{n} comment", other: "{n} comments" },
  headingNone: "Comments",
  empty: "Be the first to say something.",
  emptyClosed: "Nobody said anything here.",
  closed: "This conversation is closed. You can still read it.",
  members: "Only readers with an account of {site} can write here.",
  loadFailed: "The comments could not be loaded.",
  retry: "Try again",
  search: "Search",
  sort: "Sort by",
  newest: "Newest",
  oldest: "Oldest",
  recommended: "Most recommended",
  sorted: "Sorted by: {sort}",
  moreComments: "More comments",
  moreReplies: { one: "Show {n} more reply", other: "Show {n} more replies" },
  moreRepliesSome: "Show more replies",
  inReplyTo: "in reply to {name}",
  level: "in reply to {name}, level {n}",
  someone: "a withdrawn comment",
  elsewhere: "A comment of yours further down waits for a moderator.",
  showIt: "Show it",
  you: "You",
  edited: "edited",
  editedAt: "Edited {time}",
  withdrawn: "This comment was withdrawn by its author.",
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
  halfForm: "The rest of this form could not be loaded. Your text is kept.",
  cancel: "Cancel",
  // Why something failed
  offline: "You are offline.",
  network: "The comments could not be reached.",
  timeout: "No answer came in time.",
  server: "Something went wrong on our side.",
} satisfies Texts;

export type Key = keyof typeof english;
export type Values = Readonly<Record<string, string | number>>;
export type Say<K extends string = Key> = (key: K, values?: Values) => string;

/** Speak these texts in the language `lang` (a BCP 47 tag that Intl takes); `{n}` chooses the plural form. */
export function speaker<K extends string>(lang: string, texts: Readonly<Record<K, string | Plural>>): Say<K> {
  const plural = new Intl.PluralRules(lang);
  const number = new Intl.NumberFormat(lang);
  return (key, values = {}) => {
    const text: string | Plural = texts[key];
    const form = typeof text === "string" ? text : (text[plural.select(Number(values.n))] ?? text.other);
    return form.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name] ?? "";
      return typeof value === "number" ? number.format(value) : value;
    });
  };
}
