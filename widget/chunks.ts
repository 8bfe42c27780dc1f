// The parts that are loaded when they are needed.

import { service } from "./options";

const loading = new Map<string, Promise<unknown>>();

/** The exports of a chunk such as "thread.0123456789". Rejects when it cannot be had, and may then be asked again. */
export function chunk<Exports>(name: string): Promise<Exports> {
  let found = loading.get(name);
  if (!found) {
    // Browsers remember that a module failed, so what is tried again needs another address.
    found = module(name).catch(async () => module(`${await newest(name)}`, `?${Date.now()}`));
    found.catch(() => loading.delete(name));
    loading.set(name, found);
  }
  return found as Promise<Exports>;
}

const module = (name: string, query = ""): Promise<unknown> => import(`${service}/a/${name}.js${query}`);

// A loader from a cache may name a chunk that is gone; a fresh one names those of today.
async function newest(name: string): Promise<string> {
  const [kind] = name.split(".");
  const text = await (await fetch(`${service}/embed.js`, { cache: "reload" })).text();
  return text.match(`${kind}\\.[0-9a-f]{10}`)?.[0] ?? name;
}
