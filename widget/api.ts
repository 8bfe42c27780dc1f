/** The reader API of one site, and in how many ways an answer can fail to come. */

import { bare } from "./bare";
import type { Options } from "./options";
import type { Me, Page, Sort } from "./shapes";

const PATIENCE = 15_000;
const KINDS: Readonly<Record<number, Kind>> = { 404: "gone", 410: "gone", 429: "limited" };

export type Kind = "offline" | "network" | "timeout" | "server" | "limited" | "gone" | "refused";

/** Why there is no good answer. */
export interface Failure extends Error {
  readonly kind: Kind;
  readonly status: number;
  /** The service's own sentence for the reader, where it said one. */
  readonly detail: string;
  readonly field: string;
  /** Seconds to wait before trying again. */
  readonly wait: number;
}

export const failing = (kind: Kind, status = 0, detail = "", field = "", wait = 0): Failure =>
  Object.assign(Error(kind), { kind, status, detail, field, wait });

export const unreached = (): Failure => failing(navigator.onLine ? "network" : "offline");

/** Whether it is one: each part of the widget makes its own, so that it is told by its shape. */
export const isFailure = (error: unknown): error is Failure => error instanceof Error && "kind" in error;

interface Ask {
  readonly body?: unknown;
  readonly secret?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Api = ReturnType<typeof apiOf>;

/** `lang` is the language in which the service shall say what it refuses. */
export function apiOf(options: Options, lang: string, ended: AbortSignal) {
  const base = `${options.service}/api/v1/sites/${encodeURIComponent(options.site)}`;
  const key = encodeURIComponent(options.key);

  // What was read of the conversation, by its path, since its first page was last asked for: what of it is in view is
  // asked for again when it has changed.
  const kept = { first: "", reads: new Map<string, unknown>() };
  // While a write is on its way, what is read may be older than what the reader sees.
  const writes = { begun: 0, ended: 0 };

  // Reads send no header of their own but the language of an error, which pages may always send (Fetch, "CORS-safelisted"):
  // such a request needs no preflight and one cache entry serves everybody.
  // They are revalidated: a copy of this browser that is stale by the time of a reload would hide what was said since.
  const get = async <T>(path: string): Promise<T> => {
    const found = await answer<T>(base + path, { cache: "no-cache", headers: { "accept-language": lang } }, ended);
    kept.reads.set(path, found);
    return found;
  };
  /** `renew` gives a secret in place of one that the service does not take any more, if it can; `field` says whether that is lost for good. */
  const on: { renew?: (old: string, field: string) => Promise<string | null | void> } = {};
  // Who was signed in and is not any more may be once again, without a word; the same is then asked under the new secret.
  const ask = <T>(method: string, path: string, told: Ask): Promise<T> =>
    send<T>(method, path, told).catch(async (error: Failure) => {
      const secret = error.status === 401 && told.secret && (await on.renew?.(told.secret, error.field));
      if (!secret) throw error;
      return send<T>(method, path, { ...told, secret });
    });
  const send = async <T>(method: string, path: string, told: Ask): Promise<T> => {
    const { body, secret, headers }: Ask = bare({ ...told });
    const write = method !== "GET";
    if (write) writes.begun += 1;
    const sent: Record<string, string> = { "accept-language": lang, ...headers };
    if (secret) sent.authorization = `Bearer ${secret}`;
    if (body !== undefined) sent["content-type"] = "application/json";
    const text = body === undefined ? null : JSON.stringify(bare({ ...(body as object) }));
    return answer<T>(base + path, { method, headers: sent, body: text }, ended).finally(() => {
      if (write) writes.ended += 1;
    });
  };

  return {
    thread(sort: Sort, cursor: string | null) {
      const path = `/thread?key=${key}&sort=${sort}`;
      if (cursor) return get<Page>(`${path}&cursor=${encodeURIComponent(cursor)}`);
      kept.first = path;
      kept.reads.clear();
      return get<Page>(path);
    },
    me: (secret: string) => ask<Me>("GET", `/me?key=${key}`, { secret }),
    // What the parts that are loaded later make their requests of.
    get,
    ask,
    kept,
    writes,
    on,
  };
}

async function answer<T>(url: string, request: RequestInit, ended: AbortSignal): Promise<T> {
  // By hand, because AbortSignal.any would lock out browsers that are otherwise new enough (Safari before 17.4).
  const stop = new AbortController();
  const end = (): void => stop.abort();
  const timer = setTimeout(end, PATIENCE);
  ended.addEventListener("abort", end);
  try {
    const response = await fetch(url, bare({ ...request, credentials: "omit", signal: stop.signal }));
    if (!response.ok) throw await failure(response);
    return (response.status === 204 ? null : await response.json()) as T;
  } catch (error) {
    if (isFailure(error)) throw error;
    if (stop.signal.aborted) throw failing("timeout");
    if (error instanceof SyntaxError) throw failing("server");
    throw unreached();
  } finally {
    clearTimeout(timer);
    ended.removeEventListener("abort", end);
  }
}

async function failure(response: Response): Promise<Failure> {
  const { status } = response;
  const said = Object(await response.json().catch(() => null)) as Record<string, unknown>;
  const text = (name: string): string => (typeof said[name] === "string" && status < 500 ? said[name] : "");
  const wait = Math.min(3600, Math.max(1, Number(response.headers.get("retry-after")) || 30));
  return failing(KINDS[status] ?? (status < 500 ? "refused" : "server"), status, text("detail"), text("field"), wait);
}
