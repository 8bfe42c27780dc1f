/** Post a text so that a failed attempt can be made again and is stored once. */

import { failing, isFailure } from "./api";
import type { FormToken, Own } from "./shapes";
import { random } from "./writing";

export interface Draft {
  readonly name: string;
  readonly body: string;
  readonly parent: string | null;
  /** What a person leaves empty and a simple robot fills in. */
  readonly website: string;
}

/** The requests that posting takes. */
export interface Requests {
  formToken(): Promise<FormToken>;
  post(draft: Draft, formToken: string, attempt: string): Promise<{ comment?: Own } | null>;
}

interface Token {
  readonly token: string;
  /** When the service takes it, on this page's own clock. */
  readonly from: number;
}

const TRIES = 3;

export class Sender {
  readonly #api: Requests;
  #token: Promise<Token> | null = null;
  #text = "";
  #attempt = "";

  constructor(api: Requests) {
    this.#api = api;
  }

  /** Ask for a form token, at the first focus, so that it is old enough when the reader has written. */
  prepare(): void {
    // Should it fail, posting asks again and tells.
    this.#ready().catch(() => undefined);
  }

  async post(draft: Draft): Promise<Own> {
    const text = JSON.stringify([draft.name, draft.body, draft.parent]);
    // The same key for the same text: whatever was lost on the way, the service stores it once.
    if (text !== this.#text) this.#attempt = random(16);
    this.#text = text;
    for (let left = TRIES; ; left -= 1) {
      const { token, from } = await this.#ready();
      await until(from);
      try {
        const comment = (await this.#api.post(draft, token, this.#attempt))?.comment;
        // What answers is not the service: the text must not be let go.
        if (!comment?.id) throw failing("server");
        this.#token = null;
        this.#text = "";
        return comment;
      } catch (error) {
        if (!isFailure(error) || error.field !== "form_token" || left === 1) throw error;
        this.#token = null;
      }
    }
  }

  #ready(): Promise<Token> {
    this.#token ??= this.#api.formToken().then(
      ({ token, usable_in }) => ({ token, from: performance.now() + usable_in }),
      (error: unknown) => {
        this.#token = null;
        throw error;
      },
    );
    return this.#token;
  }
}

function until(at: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, at - performance.now())));
}
