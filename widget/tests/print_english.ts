// Print the English texts of the widget as JSON, by the part that says them: what every catalogue is held against.

import { basename, join } from "node:path";

const folder = join(import.meta.dir, "..");
const typescript = new Bun.Transpiler({ loader: "ts" });
const parts: Record<string, unknown> = {};

const paths = ["*.ts", "desk/*.ts"].flatMap((glob) => [...new Bun.Glob(glob).scanSync(folder)]);

for (const path of paths.sort()) {
  const text = await Bun.file(join(folder, path)).text();
  // Only the texts are taken out: the part itself may need a browser.
  const found = /^(?:export )?const english = (\{[^]*?\n?\})(?: satisfies Texts)?;$/m.exec(text)?.[1];
  if (!found) continue;
  const code = typescript.transformSync(`export const english = ${found}`);
  const module = `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`;
  const name = path === "words.ts" ? "thread" : path.startsWith("desk/") ? "desk" : basename(path, ".ts");
  parts[name] = ((await import(module)) as { english: unknown }).english;
}
console.log(JSON.stringify(parts));
