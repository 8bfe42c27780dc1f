/** Every sentence the thread says. A text has `{names}`; one that counts has a form for each plural category. */

export type Plural = Readonly<{ one: string; other: string } & Partial<Record<Intl.LDMLPluralRule, string>>>;

type Texts = Record<string, string | Plural>;

export const english = {
  heading: { one: "{n} comment", other: "{n} comments" },
  headingNone: "Comments",
  loading: "Loading the comments …",
  empty: "Be the first to say something.",
  emptyClosed: "Nobody said anything here.",
  closed: "This conversation is closed. You can still read it.",
  members: "Only readers with an account of {site} can write here.",
  loadFailed: "The comments could not be loaded.",
  retry: "Try again",
  sort: "Sort by",
  newest: "Newest",
  oldest: "Oldest",
  recommended: "Most recommended",
  sorted: "Sorted by: {sort}",
  moreComments: "More comments",
  moreReplies: { one: "Show {n} more reply", other: "Show {n} more replies" },
  moreRepliesSome: "Show more replies",
  loaded: { one: "{n} more comment is here.", other: "{n} more comments are here." },
  inReplyTo: "in reply to {name}",
  level: "in reply to {name}, level {n}",
  someone: "a withdrawn comment",
  oneBranch: "You followed a link to one conversation.",
  wholeThread: "Show the whole conversation",
  unknownComment: "The comment you followed a link to is not here, or not any more.",
  elsewhere: "A comment of yours further down waits for a moderator.",
  showIt: "Show it",
  you: "You",
  edited: "edited",
  editedAt: "Edited {time}",
  withdrawn: "This comment was withdrawn by its author.",
  youWithdrew: "You withdrew this comment.",
  undo: "Undo",
  restored: "Your comment is back.",
  pending: "Only you can see this until a moderator has read it.",
  rejected: "This comment was not published. Only you can see it.",
  recommend: "Recommend",
  recommendations: { one: "{n} recommendation", other: "{n} recommendations" },
  reply: "Reply",
  link: "Link",
  linkCopied: "Link copied",
  linkShown: "Copy this link:",
  report: "Report",
  reported: "Reported",
  edit: "Edit",
  withdraw: "Withdraw",
  editable: { one: "You can edit for {n} more minute.", other: "You can edit for {n} more minutes." },
  notDone: "That did not work. {why}",
  // Composer
  yourComment: "Your comment",
  yourReply: "Your reply to {name}",
  yourEdit: "Edit your comment",
  placeholder: "What do you think?",
  name: "Name",
  namePlaceholder: "How others will see you",
  website: "Website (leave this empty)",
  marks: "*italic*, **bold**, > quote, - list",
  post: "Post comment",
  postReply: "Post reply",
  save: "Save",
  posting: "Posting …",
  saving: "Saving …",
  cancel: "Cancel",
  left: { one: "{n} character left", other: "{n} characters left" },
  over: { one: "{n} character too many", other: "{n} characters too many" },
  draftKept: "This is what you had written before.",
  discard: "Start anew",
  writeFirst: "Write something first.",
  nameFirst: "Please give a name for others to see.",
  posted: "Your comment is posted.",
  postedHeld: "Thank you. A moderator will read your comment; until then only you can see it.",
  postedRejected: "Your comment was not published. Only you can see it.",
  saved: "Your changes are saved.",
  // Why something failed
  offline: "You are offline.",
  network: "The comments could not be reached.",
  timeout: "No answer came in time.",
  server: "Something went wrong on our side.",
  kept: "Your text is kept. Try again; it will not be posted twice.",
  limited: { one: "You can try again in {n} second.", other: "You can try again in {n} seconds." },
  again: "You can try again now.",
  reportThanks: "Thank you. A moderator will look at it.",
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
