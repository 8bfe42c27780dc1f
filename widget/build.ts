// Build everything that browsers load into the folder named on the command line.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import type { BunPlugin } from "bun";

const here = import.meta.dir;
const catalogues = join(here, "../src/comments_service/languages");
const out = Bun.argv[2] ?? "";

// A style sheet that a script imports becomes a string: the widget adopts it, no page loads it.
const styles: BunPlugin = {
  name: "styles",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => ({ contents: await sheet(path), loader: "text" }));
  },
};

// Bun would rewrite color-scheme and light-dark() to follow the system alone, so only blanks and comments go.
async function sheet(path: string): Promise<string> {
  const text = await Bun.file(path).text();
  const close = text.replace(/\/\*[^]*?\*\//g, "").replace(/\s+/g, " ").replace(/ ?([{};,>]) ?/g, "$1").trim();
  const bare = close.replace(/(\[[\w-]+[~^$*|]?=)"([a-z][\w-]*)"\]/g, "$1$2]").replace(/ (!important|\((?=hover|pointer|prefers|forced))/g, "$1");
  return bare.replaceAll(": ", ":").replaceAll(";}", "}").replace(/(?<![\d.])0\./g, ".");
}

async function bundle(name: string, more: Partial<Bun.BuildConfig> = {}): Promise<string> {
  const built = await Bun.build({ entrypoints: [join(here, name)], target: "browser", minify: true, ...more });
  const [file] = built.outputs;
  if (!file) throw new Error(`${name} gives nothing`);
  return file.text();
}

async function write(name: string, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  await Bun.write(join(out, name), bytes);
  await Bun.write(join(out, `${name}.gz`), Bun.gzipSync(bytes, { library: "libdeflate", level: 12 }));
  await Bun.write(join(out, `${name}.br`), brotliCompressSync(bytes));
}

const hashOf = (text: string): string => new Bun.CryptoHasher("sha256").update(text).digest("hex").slice(0, 10);

// A chunk is named by its content, and the loader knows the names: so the chunks come first.
async function chunk(name: string, define: Record<string, string> = {}): Promise<string> {
  const text = await bundle(`${name}.ts`, { format: "esm", plugins: [styles], define });
  const hash = hashOf(text);
  await write(`${name}.${hash}.js`, text);
  return JSON.stringify(`${name}.${hash}`);
}

const exported = (parts: Record<string, unknown>): string =>
  Object.entries(parts).map(([part, said]) => `export const ${part}=${JSON.stringify(said)};`).join("");

// A language is a chunk like any other, and another with the words of what seldom is used (`further`). One hash for all of them: the loader has room for one.
async function languages(): Promise<Record<string, string>> {
  const codes: string[] = await Bun.file(join(catalogues, "offered.json")).json();
  const texts = await Promise.all(codes.map(async (code) => {
    const { desk, lists, report, me, notices, signin, provider, ...widget } = (await Bun.file(join(catalogues, `${code}.json`)).json()).widget;
    return [[code, exported(widget)], [`${code}more`, exported({ lists, report, me, notices, signin, provider })]] as const;
  }));
  const hash = hashOf(texts.flat(2).join(""));
  await Promise.all(texts.flat().map(([name, text]) => write(`${name}.${hash}.js`, text)));
  return { LANGUAGES: JSON.stringify(codes.join("|")), LANGUAGES_HASH: JSON.stringify(`.${hash}`) };
}

await mkdir(out, { recursive: true });
const words = await languages();
const signing = { SIGNING_CHUNK: await chunk("signing", { PROVIDER_CHUNK: await chunk("provider"), SIGNIN_CHUNK: await chunk("signin") }) };
const muting = { MUTING_CHUNK: await chunk("muting") };
const bell = { BELL_CHUNK: await chunk("bell", { ...muting, NOTICES_CHUNK: await chunk("notices") }) };
const define = {
  ...words,
  AUTO_CHUNK: await chunk("auto"),
  SHARE_CHUNK: await chunk("share", {
    SHARING_CHUNK: await chunk("sharing", { MENU_CHUNK: await chunk("menu", { MASTODON_CHUNK: await chunk("mastodon") }) }),
  }),
  THREAD_CHUNK: await chunk("thread", {
    ...words,
    COMPOSER_CHUNK: await chunk("composer", {
      ...signing,
      ACCOUNT_CHUNK: await chunk("account"),
      ME_CHUNK: await chunk("me", muting),
      POSTING_CHUNK: await chunk("posting", bell),
      TOOLS_CHUNK: await chunk("tools", { PREVIEW_CHUNK: await chunk("preview"), MENTIONS_CHUNK: await chunk("mentions") }),
    }),
    LISTS_CHUNK: await chunk("lists"),
    QUOTING_CHUNK: await chunk("quoting"),
    ENTERING_CHUNK: await chunk("entering"),
    KEYS_CHUNK: await chunk("keys"),
    NEWS_CHUNK: await chunk("news"),
    PERMALINKS_CHUNK: await chunk("permalinks"),
    ...muting,
    STAFF_CHUNK: await chunk("staff"),
    ...signing,
    ...bell,
    ACTING_CHUNK: await chunk("acting", { REPORT_CHUNK: await chunk("report"), SEARCH_CHUNK: await chunk("search") }),
  }),
};
await write("embed.js", await bundle("embed.ts", { format: "iife", define }));
await write("desk.js", await bundle("desk/desk.ts", { format: "iife" }));
const sheets = await Promise.all(["base", "queue"].map((name) => sheet(join(here, `desk/${name}.css`))));
await write("desk.css", sheets.join(""));
