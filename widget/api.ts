/** The reader API of one site, and in how many ways an answer can fail to come. */

import type { Options, Sort } from "./options";
import type { Session } from "./session";
import type { Batch, Focus, FormToken, Me, Own, Page } from "./shapes";

const PATIENCE = 15_000;

export type Kind = "offline" | "network" | "timeout" | "server" | "limited" | "gone" | "refused";

/** Why there is no good answer; `detail` is the service's own sentence for the reader, where it said one. */
export class Failure extends Error {
  constructor(
    readonly kind: Kind,
    readonly status = 0,
    readonly detail = "",
    readonly field = "",
    /** Seconds to wait before trying again. */
    readonly wait = 0,
  ) {
    super(kind);
  }
}

export interface Draft {
  readonly name: string;
  readonly body: string;
  readonly parent: string | null;
  /** What a person leaves empty and a simple robot fills in. */
  readonly website: string;
}

interface Ask {
  readonly body?: unknown;
  readonly secret?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Api = ReturnType<typeof apiOf>;

export function apiOf(options: Options, session: Session, ended: AbortSignal) {
  const base = `${options.service}/api/v1/sites/${encodeURIComponent(options.site)}`;
  const key = encodeURIComponent(options.key);

  // Reads send no header of their own: such a request needs no preflight and one cache entry serves everybody.
  // They are revalidated: a copy of this browser that is stale by the time of a reload would hide what was said since.
  const get = <T>(path: string): Promise<T> => answer<T>(base + path, { cache: "no-cache" }, ended);
  const ask = <T>(method: string, path: string, { body, secret, headers }: Ask): Promise<T> => {
    const sent: Record<string, string> = { ...headers };
    if (secret) sent.authorization = `Bearer ${secret}`;
    if (body !== undefined) sent["content-type"] = "application/json";
    const text = body === undefined ? null : JSON.stringify(body);
    return answer<T>(base + path, { method, headers: sent, body: text }, ended);
  };
  const write = <T>(method: string, id: string, what = "", body?: unknown): Promise<T> =>
    ask<T>(method, `/comments/${encodeURIComponent(id)}${what}`, { body, secret: session.begin() });

  return {
    thread: (sort: Sort, cursor: string | null) =>
      get<Page>(`/thread?key=${key}&sort=${sort}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`),
    replies: (id: string, after: string) =>
      get<Batch>(`/comments/${encodeURIComponent(id)}/replies${after ? `?after=${encodeURIComponent(after)}` : ""}`),
    focus: (id: string) => get<Focus>(`/comments/${encodeURIComponent(id)}/focus`),
    formToken: () => get<FormToken>(`/form-token?key=${key}`),
    me: (secret: string) => ask<Me>("GET", `/me?key=${key}`, { secret }),
    post: (draft: Draft, formToken: string, attempt: string) =>
      ask<{ comment: Own }>("POST", "/comments", {
        body: {
          key: options.key,
          url: options.url,
          ...draft,
          form_token: formToken,
          article_token: options.articleToken,
        },
        secret: session.begin(),
        headers: { "idempotency-key": attempt },
      }),
    edit: (id: string, body: string) => write<{ comment: Own }>("PATCH", id, "", { body }),
    withdraw: (id: string) => write<{ comment: Own }>("DELETE", id),
    restore: (id: string) => write<{ comment: Own }>("POST", id, "/restore"),
    recommend: (id: string, on: boolean) =>
      write<{ recommends: number }>(on ? "PUT" : "DELETE", id, "/recommendation"),
    report: (id: string, reason: string, note: string) => write("POST", id, "/reports", { reason, note }),
  };
}

async function answer<T>(url: string, request: RequestInit, ended: AbortSignal): Promise<T> {
  const limit = new AbortController();
  const patience = setTimeout(() => limit.abort(), PATIENCE);
  const end = (): void => limit.abort();
  ended.addEventListener("abort", end, { once: true });
  try {
    const response = await fetch(url, { ...request, credentials: "omit", signal: limit.signal });
    if (!response.ok) throw await failure(response);
    return (await response.json()) as T;
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (limit.signal.aborted) throw new Failure("timeout");
    if (error instanceof SyntaxError) throw new Failure("server");
    throw new Failure(navigator.onLine ? "network" : "offline");
  } finally {
    clearTimeout(patience);
    ended.removeEventListener("abort", end);
  }
}

async function failure(response: Response): Promise<Failure> {
  const { status } = response;
  const said: unknown = await response.json().catch(() => null);
  const problem = (said && typeof said === "object" ? said : {}) as { detail?: unknown; field?: unknown };
  const detail = typeof problem.detail === "string" ? problem.detail : "";
  const field = typeof problem.field === "string" ? problem.field : "";
  const wait = Math.min(3600, Math.max(1, Number(response.headers.get("retry-after")) || 30));
  if (status === 429) return new Failure("limited", status, detail, field, wait);
  if (status === 404 || status === 410) return new Failure("gone", status, detail, field);
  if (status >= 400 && status < 500) return new Failure("refused", status, detail, field);
  return new Failure("server", status);
}
