/** What a button of the toolbar does to a text. Pure: it tells which words to replace, and what to select then. */

export type Mark = "bold" | "italic" | "link" | "quote" | "list";

/** Replace `value.slice(from, to)` by `words`, then select from `select[0]` to `select[1]` of the new text. */
export interface Change {
  readonly from: number;
  readonly to: number;
  readonly words: string;
  readonly select: readonly [number, number];
}

const STARS = { bold: 2, italic: 1 } as const;
const PREFIX = { quote: "> ", list: "- " } as const;
const ADDRESS = /^https?:\/\/\S+$/i;

/** The change that this mark makes around the selection; where the mark is already, the one that takes it away. */
export function marked(value: string, start: number, end: number, mark: Mark): Change {
  if (mark === "quote" || mark === "list") return lines(value, start, end, PREFIX[mark]);
  // Emphasis that begins or ends with a blank is none.
  while (start < end && /\s/.test(value[start] ?? "")) start += 1;
  while (start < end && /\s/.test(value[end - 1] ?? "")) end -= 1;
  const chosen = value.slice(start, end);
  return mark === "link" ? link(chosen, start, end) : stars(value, start, end, STARS[mark]);
}

function stars(value: string, start: number, end: number, n: 1 | 2): Change {
  const before = /\**$/.exec(value.slice(0, start))?.[0].length ?? 0;
  const after = /^\**/.exec(value.slice(end))?.[0].length ?? 0;
  const around = Math.min(before, after);
  const chosen = value.slice(start, end);
  // One star is italic, two are bold, and three are both.
  if (n === 2 ? around >= 2 : around % 2 === 1) {
    return { from: start - n, to: end + n, words: chosen, select: [start - n, end - n] };
  }
  const sign = "*".repeat(n);
  return { from: start, to: end, words: sign + chosen + sign, select: [start + n, end + n] };
}

function link(chosen: string, start: number, end: number): Change {
  if (ADDRESS.test(chosen)) return { from: start, to: end, words: `[](${chosen})`, select: [start + 1, start + 1] };
  const address = "https://";
  const at = start + chosen.length + (chosen ? 3 : 1);
  const words = `[${chosen}](${address})`;
  // Without words, they are what comes first.
  return { from: start, to: end, words, select: chosen ? [at, at + address.length] : [at, at] };
}

function lines(value: string, start: number, end: number, prefix: string): Change {
  const from = value.lastIndexOf("\n", start - 1) + 1;
  const line = value.indexOf("\n", Math.max(start, end - 1));
  const to = line < 0 ? value.length : line;
  const old = value.slice(from, to).split("\n");
  const filled = old.filter((one) => one.trim());
  const on = filled.length > 0 && filled.every((one) => one.startsWith(prefix));
  const change = (one: string): string =>
    on ? one.replace(prefix, "") : one.trim() || old.length === 1 ? prefix + one : one;
  const words = old.map(change).join("\n");
  const last = from + words.length;
  return { from, to, words, select: start === end ? [last, last] : [from, last] };
}

/** Words as a quote, with an empty line behind it: without one, what follows would belong to it. */
export function quoted(words: string): string {
  const clean = words.replace(/\r/g, "").trim().replace(/\n{2,}/g, "\n\n");
  return clean ? `${clean.split("\n").map((line) => `> ${line.trim()}`.trimEnd()).join("\n")}\n\n` : "";
}

/** Put a quote at the cursor of a text, and the cursor behind it. */
export function cited({ value, selectionStart: from, selectionEnd: to }: Pick<HTMLTextAreaElement, "value" | "selectionStart" | "selectionEnd">, quote: string): Change {
  const before = value.slice(0, from);
  const words = (before && !before.endsWith("\n\n") ? (before.endsWith("\n") ? "\n" : "\n\n") : "") + quote;
  return { from, to, words, select: [from + words.length, from + words.length] };
}

/** So much of a text as a quote should have, cut between words. */
export function shortened(words: string, most: number): string {
  const all = [...words];
  if (all.length <= most) return words;
  const cut = all.slice(0, most).join("");
  return `${cut.replace(/\s+\S*$/, "").trimEnd() || cut} …`;
}
