// The parts that are loaded when they are needed.

import { service } from "./options";

const loading = new Map<string, Promise<unknown>>();

/** The exports of a chunk such as "thread.0123456789". Rejects when it cannot be had, and may then be asked again. */
export function chunk<Exports>(name: string): Promise<Exports> {
  let found = loading.get(name);
  if (!found) {
    // Browsers remember that a module failed, so what is tried again needs another address. A name that is gone, from
    // a loader out of a cache, is answered with what took its place.
    found = module(name).catch(() => module(name, `?${Date.now()}`));
    found.catch(() => loading.delete(name));
    loading.set(name, found);
  }
  return found as Promise<Exports>;
}

const module = (name: string, query = ""): Promise<unknown> => import(`${service}/a/${name}.js${query}`);
