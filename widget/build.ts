// Build everything that browsers load into the folder named on the command line.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import type { BunPlugin } from "bun";

const here = import.meta.dir;
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
  const close = text.replace(/\/\*[^]*?\*\//g, "").replace(/\s+/g, " ").replace(/ ?([{};,]) ?/g, "$1").trim();
  return close.replaceAll(": ", ":").replaceAll(";}", "}").replace(/(?<![\d.])0\./g, ".");
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

// A chunk is named by its content, and the loader knows the names: so the chunks come first.
async function chunk(name: string, define: Record<string, string> = {}): Promise<string> {
  const text = await bundle(`${name}.ts`, { format: "esm", plugins: [styles], define });
  const hash = new Bun.CryptoHasher("sha256").update(text).digest("hex").slice(0, 10);
  await write(`${name}.${hash}.js`, text);
  return JSON.stringify(`${name}.${hash}`);
}

await mkdir(out, { recursive: true });
const define = {
  AUTO_CHUNK: await chunk("auto"),
  SHARE_CHUNK: await chunk("share", { MENU_CHUNK: await chunk("menu"), MASTODON_CHUNK: await chunk("mastodon") }),
  THREAD_CHUNK: await chunk("thread", {
    COMPOSER_CHUNK: await chunk("composer"),
    PERMALINKS_CHUNK: await chunk("permalinks"),
    ACTING_CHUNK: await chunk("acting", { REPORT_CHUNK: await chunk("report"), SEARCH_CHUNK: await chunk("search") }),
  }),
};
await write("embed.js", await bundle("embed.ts", { format: "iife", define }));
await write("desk.js", await bundle("desk/desk.ts", { format: "iife" }));
const sheets = await Promise.all(["base", "queue"].map((name) => sheet(join(here, `desk/${name}.css`))));
await write("desk.css", sheets.join(""));
